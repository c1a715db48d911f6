package dev.cleanbreak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The servers, clients and shutdowns of one test. Whatever the test leaves of them is ended behind
 * it, so that a test that fails does not wait for a grace. Thread-safe.
 */
final class ServerRig implements AfterEachCallback {
  /** Longer than what may happen within it takes. */
  static final Duration GRACE = Duration.ofSeconds(20);

  static final String NAME = "tested";

  private static final int READ_TIMEOUT_MILLIS = 20_000;

  private final Queue<CleanServer<?>> servers = new ConcurrentLinkedQueue<>();
  private final Queue<Socket> clients = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> shutdowns = new ConcurrentLinkedQueue<>();

  static CleanServerSocket listen() throws IOException {
    return new CleanServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  CleanServer<CleanSocket> started(CleanServer.Handler<CleanSocket> handler) throws IOException {
    return started(ServerSettings.standard(), handler);
  }

  CleanServer<CleanSocket> started(
      ServerSettings settings, CleanServer.Handler<CleanSocket> handler) throws IOException {
    CleanServer<CleanSocket> server = CleanServer.on(listen(), settings.withName(NAME), handler);
    servers.add(server);
    return server.start();
  }

  Socket client(CleanServer<?> server) throws IOException {
    Socket socket = new Socket();
    clients.add(socket);
    socket.connect(server.localAddress());
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    return socket;
  }

  /** A shutdown by another thread, which has begun when this returns. */
  FutureTask<ShutdownReport> shutdown(CleanServer<?> server) {
    FutureTask<ShutdownReport> report = new FutureTask<>(() -> server.shutdown(GRACE));
    shutdowns.add(Thread.ofPlatform().daemon().start(report));
    Conditions.await("the shutdown", server::isShuttingDown);
    return report;
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    // An interrupt ends the grace.
    shutdowns.forEach(Thread::interrupt);
    for (Socket each : clients) {
      each.close();
    }
    servers.forEach(CleanServer::close);
  }
}
