package dev.cleanbreak.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Lets {@link CrowdClients} loose on a server. */
final class CrowdVariant implements Variant {
  private final String name;
  private final EchoServer server;
  private final int connections;
  private final Process clients;
  private final PrintWriter commands;
  private final BufferedReader answers;

  CrowdVariant(String name, EchoServer server, int connections) throws IOException {
    this.name = name;
    this.server = server;
    this.connections = connections;
    this.clients = new ForkedJvm(CrowdClients.class, List.of()).start(List.of());
    this.commands = new PrintWriter(clients.getOutputStream(), true, StandardCharsets.US_ASCII);
    this.answers =
        new BufferedReader(
            new InputStreamReader(clients.getInputStream(), StandardCharsets.US_ASCII));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double[] round(Duration slice) throws Exception {
    int port = ((InetSocketAddress) server.address()).getPort();
    commands.println(port + " " + connections + " " + slice.toMillis());
    expect(CrowdClients.CONNECTED);
    RoundTrips round = new RoundTrips();
    return round.end(Long.parseLong(answer()));
  }

  private void expect(String wanted) throws IOException {
    String said = answer();
    if (!said.equals(wanted)) {
      throw new IOException("the clients say " + said + ", not " + wanted);
    }
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the clients of " + name + " have ended");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    clients.destroy();
    server.close();
  }
}
