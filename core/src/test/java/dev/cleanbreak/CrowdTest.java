package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server with 10,000 connections, in a process of its own, is shut down. Each process needs as
 * many descriptors; where it may not have them, {@code -Dcrowd=1000} makes the crowd smaller.
 */
@Timeout(180)
final class CrowdTest {
  private static final int CLIENTS = Integer.getInteger("crowd", 10_000);

  private static int kindOf(int client) {
    return client % 100 == 0 ? Crowd.DEAF : client % 2;
  }

  @Test
  void everyConnectionIsInTheReportAndNothingIsLeft() throws Exception {
    List<String> command = new ArrayList<>(ChildJvm.command(List.of(), Crowd.class));
    command.add(Integer.toString(CLIENTS));
    Process program = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    List<SocketChannel> clients = new ArrayList<>();
    try (BufferedReader out = program.inputReader()) {
      int port = Integer.parseInt(out.readLine());
      InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      for (int i = 0; i < CLIENTS; i++) {
        SocketChannel client = SocketChannel.open(server);
        clients.add(client);
        client.write(ByteBuffer.wrap(new byte[] {(byte) kindOf(i)}));
      }
      assertEquals("all here", out.readLine());
      program.outputWriter().close();

      int[] counts = new int[3];
      for (int i = 0; i < CLIENTS; i++) {
        if (kindOf(i) != Crowd.DEAF) {
          assertEndsInOrder(clients.get(i), kindOf(i));
        }
        counts[kindOf(i)]++;
      }
      for (int i = 0; i < CLIENTS; i++) {
        if (kindOf(i) == Crowd.DEAF) {
          SocketChannel client = clients.get(i);
          assertThrows(IOException.class, () -> client.read(ByteBuffer.allocate(1)), "no reset");
        }
      }
      String report = out.readLine();
      assertTrue(
          report.endsWith(
              ": %d drained, %d idle, %d cut"
                  .formatted(counts[Crowd.BUSY], counts[Crowd.IDLE], counts[Crowd.DEAF])),
          report);
      assertEquals("left: 0 connections, 0 descriptors, 0 threads", out.readLine());
      assertTrue(program.waitFor(60, TimeUnit.SECONDS), "the program hangs");
      assertEquals(0, program.exitValue());
    } finally {
      program.destroyForcibly();
      for (SocketChannel each : clients) {
        each.close();
      }
    }
  }

  private static void assertEndsInOrder(SocketChannel client, int kind) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(2);
    if (kind == Crowd.BUSY) {
      assertEquals(1, client.read(answer));
      assertEquals(Crowd.BUSY, answer.get(0));
    }
    assertEquals(-1, client.read(answer), "the end, not a reset");
    client.close();
  }
}
