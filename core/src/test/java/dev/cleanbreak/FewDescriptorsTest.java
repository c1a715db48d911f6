package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A server in a process whose descriptors are too few for its clients. */
@EnabledOnOs({OS.LINUX, OS.MAC})
final class FewDescriptorsTest {
  private static final int CLIENTS = 200;

  @TempDir private Path folder;

  @Test
  void theServerPausesSaysSoAndServesEverybodyInTheEnd() throws Exception {
    Path log = folder.resolve("log");
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n 100; exec \"$@\"", "sh"));
    command.addAll(ChildJvm.command(List.of(), FewDescriptors.class));
    Process program = new ProcessBuilder(command).redirectError(log.toFile()).start();
    try (BufferedReader out = program.inputReader()) {
      int port = Integer.parseInt(out.readLine());
      AtomicInteger served = new AtomicInteger();
      CountDownLatch leave = new CountDownLatch(1);
      List<IOException> failed = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                client.getOutputStream().write(7);
                assertEquals(7, client.getInputStream().read());
                served.incrementAndGet();
                leave.await();
              } catch (IOException e) {
                synchronized (failed) {
                  failed.add(e);
                }
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
      }
      Conditions.await("a pause", () -> text(log).contains("cannot accept: "));
      assertTrue(served.get() < CLIENTS, "there were descriptors for all");
      leave.countDown();
      Conditions.await("all clients; failed: " + failed, () -> served.get() == CLIENTS);
      program.outputWriter().close();
      String report = out.readLine();
      assertTrue(program.waitFor(60, TimeUnit.SECONDS), "the program hangs");
      assertEquals(0, program.exitValue(), () -> text(log));
      assertTrue(report.contains("shut down"), report);
      assertTrue(text(log).contains("accepts again"), () -> text(log));
    } finally {
      program.destroyForcibly();
    }
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
