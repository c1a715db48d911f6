package dev.cleanbreak.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CancelledIOException;
import dev.cleanbreak.CleanServer;
import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.CleanSocketFactory;
import dev.cleanbreak.CleanSockets;
import dev.cleanbreak.CleanSslSocket;
import dev.cleanbreak.CleanSslSocketFactory;
import dev.cleanbreak.CleanStream;
import dev.cleanbreak.CutException;
import dev.cleanbreak.CutKind;
import dev.cleanbreak.CutTimeoutException;
import dev.cleanbreak.ScopeView;
import dev.cleanbreak.ServerSettings;
import dev.cleanbreak.ShutdownReport;
import dev.cleanbreak.SocketDump;
import dev.cleanbreak.SocketSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The code of README.md, docs/guide.md and docs/server.md. What stands between snippet marks is in
 * the pages.
 */
@Timeout(60)
class GuideTest {
  private ServerSocket printer;
  private final StringBuilder log = new StringBuilder();

  @BeforeEach
  void startPrinter() throws IOException {
    printer = new ServerSocket();
    printer.setReceiveBufferSize(64 * 1024);
    printer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void stopPrinter() throws IOException {
    printer.close();
  }

  @Test
  void cancel() throws Exception {
    CountDownLatch stop = new CountDownLatch(1);
    // snippet: cancel
    byte[] page = new byte[32 * 1024 * 1024]; // more than kernel and library together would take
    CleanSocket socket = new CleanSocket();
    socket.connect(printer.getLocalSocketAddress());
    CancelScope job = CancelScope.open("print job 17");

    Thread ui =
        Thread.ofPlatform()
            .name("ui")
            .start(() -> {
              awaitStopButton(stop);
              job.cancel("the user pressed Stop");
            });

    try {
      job.run(() -> socket.getOutputStream().write(page)); // the printer is jammed
    } catch (CancelledIOException cut) {
      log.append(cut.getMessage());
      assertTrue(!socket.isClosed()); // another scope may go on at page[cut.bytesMoved()]
    }
    // end
    ui.join();
    assertTrue(
        log.indexOf("write cancelled (scope \"print job 17\"): the user pressed Stop") == 0,
        log::toString);
    assertTrue(log.indexOf("by thread \"ui\"") > 0, log::toString);
    socket.abort();
  }

  private static void awaitStopButton(CountDownLatch stop) {
    stop.countDown();
  }

  @Test
  void names() throws Exception {
    // snippet: names
    SocketSettings settings =
        SocketSettings.standard().withConnectTimeout(Duration.ofSeconds(5)); // lookup included
    Socket socket =
        new CleanSocketFactory(settings).createSocket("localhost", printer.getLocalPort());
    // end
    assertTrue(socket.isConnected());
    socket.close();
  }

  @Test
  void peer() throws Exception {
    CleanSocket idle = connected();
    printer.accept().close();
    idle.getInputStream().read(); // waits for the end
    // snippet: peer
    if (idle.isPeerClosed()) {
      idle.close();
    }
    // end
    assertTrue(idle.isClosed());
  }

  @Test
  void deadline() throws Exception {
    CleanSocket socket = connected();
    // snippet: deadline
    CancelScope request = CancelScope.within(Duration.ofMillis(200));
    assertThrows(
        CutTimeoutException.class,
        () ->
            request.run(() -> {
              socket.getOutputStream().write("status?".getBytes(StandardCharsets.US_ASCII));
              socket.getInputStream().read(); // the printer says nothing
            }));
    // end
    socket.close();
  }

  @Test
  void timeouts() throws Exception {
    // snippet: timeouts
    SocketSettings settings =
        SocketSettings.standard()
            .withConnectTimeout(Duration.ofSeconds(5))
            .withReadTimeout(Duration.ofSeconds(30))
            .withWriteTimeout(Duration.ofMillis(100));
    Socket socket = new CleanSocketFactory(settings).createSocket();
    socket.connect(printer.getLocalSocketAddress());
    // end
    assertThrows(
        CutTimeoutException.class,
        () -> socket.getOutputStream().write(new byte[32 * 1024 * 1024]));
    socket.close();
  }

  @Test
  void who() throws Exception {
    CleanSocket socket = connected();
    Thread timer = Thread.ofPlatform().name("spooler-timer").start(socket::close);
    // snippet: who
    try {
      socket.getInputStream().read();
    } catch (IOException e) {
      if (e instanceof CutException cut) {
        log.append(cut.cut().kind()); // CLOSED, CANCELLED, DEADLINE, TIMEOUT, INTERRUPTED, ...
        log.append(cut.cut().origin()); // the thread that did it, with its stack; also e.getCause()
      }
    }
    // end
    timer.join();
    // The read may have come after the close: then it was no cut, and the cause says who closed.
    assertTrue(log.isEmpty() || log.indexOf("spooler-timer") > 0, log::toString);
  }

  @Test
  void shield() throws Exception {
    CleanSocket socket = connected();
    Socket peer = printer.accept();
    CancelScope job = CancelScope.open("job");
    job.cancel("stop");
    // snippet: shield
    assertThrows(
        CancelledIOException.class,
        () ->
            job.run(() -> {
              try {
                socket.getOutputStream().write(1);
              } finally {
                // Every call of a cancelled scope is cut; the goodbye runs in a shield.
                CancelScope.shielded(Duration.ofSeconds(1))
                    .run(() ->
                        socket
                            .getOutputStream()
                            .write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII)));
              }
            }));
    // end
    assertEquals(
        "QUIT\r\n", new String(peer.getInputStream().readNBytes(6), StandardCharsets.US_ASCII));
    peer.close();
    socket.close();
  }

  @Test
  void pool() throws Exception {
    CleanSocket socket = connected();
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      // snippet: pool
      CancelScope request = CancelScope.open("request 4711");
      Future<Integer> reply = executor.submit(request.wrap(() -> socket.getInputStream().read()));
      request.cancel("the caller has gone");
      // end
      ExecutionException failed = assertThrows(ExecutionException.class, reply::get);
      assertTrue(failed.getCause() instanceof CancelledIOException);
    }
    socket.close();
  }

  @Test
  void server() throws Exception {
    // snippet: server
    ServerSettings settings =
        ServerSettings.standard()
            .withName("echo")
            .withMaxConnections(1_000) // further ones wait in the backlog
            .withIdleLimit(Duration.ofSeconds(30));
    CleanServer<CleanSocket> server =
        CleanServer.on(
            new CleanServerSocket(0),
            settings,
            (socket, connection) -> {
              InputStream in = socket.getInputStream();
              for (int each; (each = connection.idle(in::read)) >= 0; ) {
                socket.getOutputStream().write(each);
              }
            });
    server.start();
    // ... and to end it, from any thread:
    ShutdownReport report = server.shutdown(Duration.ofSeconds(10));
    log.append(report); // server "echo" shut down in 0.003 s (grace 10.000 s): 0 drained
    // end
    assertTrue(log.toString().contains("0 drained"), log::toString);
  }

  @Test
  void stoppableServer() throws Exception {
    // snippet: stoppable
    CleanServer<CleanSocket> server =
        CleanServer.on(
                new CleanServerSocket(0),
                ServerSettings.standard().withName("upper"),
                (socket, connection) -> {
                  InputStream in = socket.getInputStream();
                  for (int each; (each = connection.idle(in::read)) >= 0; ) { // between requests
                    socket.getOutputStream().write(Character.toUpperCase(each)); // one request
                  }
                })
            .start();
    Thread stop = new Thread(() -> log.append(server.shutdown(Duration.ofSeconds(10))));
    Runtime.getRuntime().addShutdownHook(stop); // SIGTERM, Ctrl-C
    // end
    Runtime.getRuntime().removeShutdownHook(stop);
    try (Socket client = new Socket()) {
      client.connect(server.localAddress());
      client.getOutputStream().write('a');
      assertEquals('A', client.getInputStream().read());
      stop.start();
      assertEquals(-1, client.getInputStream().read());
    }
    stop.join();
    assertTrue(log.toString().contains(", 1 idle"), log::toString);
  }

  @Test
  void accept() throws Exception {
    CancelScope serving = CancelScope.open("server");
    // snippet: accept
    try (CleanServerSocket listener = new CleanServerSocket(0)) {
      Thread acceptor =
          Thread.ofVirtual()
              .start(
                  serving.wrap(() -> {
                    try {
                      while (true) {
                        CleanSocket client = listener.accept(); // has the listener's settings
                        client.close();
                      }
                    } catch (IOException cut) {
                      log.append(cut.getMessage());
                    }
                  }));
      serving.cancel("maintenance"); // ends the accept; no connection of the backlog is lost
      acceptor.join();
    }
    // end
    assertTrue(log.indexOf("accept cancelled (scope \"server\"): maintenance") == 0, log::toString);
  }

  @Test
  void restart() throws Exception {
    CleanSocket socket = connected();
    byte[] job = new byte[8 * 1024 * 1024];
    // snippet: restart
    CleanStream stream = socket.stream();
    ByteBuffer bytes = ByteBuffer.wrap(job);
    try {
      CancelScope.within(Duration.ofMillis(100)).run(() -> stream.writeFully(bytes));
    } catch (CutTimeoutException cut) {
      assertEquals(bytes.position(), cut.bytesMoved()); // exactly what the kernel has
    }
    Thread reader = Thread.startVirtualThread(() -> readAll(job.length)); // the jam is cleared
    stream.writeFully(bytes); // goes on at that byte
    // end
    reader.join();
    assertTrue(!bytes.hasRemaining());
    socket.close();
  }

  @Test
  void outside() throws Exception {
    CleanSocket socket = connected();
    // snippet: outside
    ConcurrentMap<CutKind, LongAdder> counts = new ConcurrentHashMap<>();
    ScopeView.Registration counting =
        CleanSockets.addCutListener(
            cut -> counts.computeIfAbsent(cut.kind(), kind -> new LongAdder()).increment());

    SocketDump now = CleanSockets.dump(); // records; as text it is what follows
    log.append(now);
    // end
    socket.setSoTimeout(1);
    assertThrows(CutTimeoutException.class, () -> socket.getInputStream().read());
    counting.close();
    assertEquals(1, counts.get(CutKind.TIMEOUT).sum());
    assertTrue(log.indexOf(" -> ") > 0 && log.indexOf("0 calls inside") > 0, log::toString);
    socket.close();
  }

  @Test
  void layers() throws Exception {
    // snippet: layers
    SocketSettings settings = SocketSettings.standard().withCarryAlways(true);
    CleanSocket socket = new CleanSocket(settings);
    socket.connect(printer.getLocalSocketAddress());
    Writer writer = new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);
    // end
    CancelScope cancelled = CancelScope.open("cut");
    cancelled.cancel("cut");
    assertThrows(CancelledIOException.class, () -> cancelled.run(() -> cutInTheMiddle(writer)));
    writer.write("!");
    writer.flush();
    Socket peer = printer.accept();
    assertEquals("hello!", new String(peer.getInputStream().readNBytes(6), StandardCharsets.UTF_8));
    peer.close();
    socket.close();
  }

  private static void cutInTheMiddle(Writer writer) throws IOException {
    writer.write("hello");
    writer.flush();
    CancelScope.current().checkpoint();
  }

  @Test
  void readme() throws Exception {
    // snippet: readme
    try (CleanSocket socket = new CleanSocket()) {
      socket.connect(printer.getLocalSocketAddress());
      OutputStream out = socket.getOutputStream();
      CancelScope.within(Duration.ofMillis(300))
          .run(() -> {
            while (true) {
              out.write(new byte[64 * 1024]); // until the jammed printer takes no more
            }
          });
    } catch (CutTimeoutException cut) {
      log.append(cut.getMessage());
    }
    // end
    assertTrue(log.indexOf("write deadline passed (scope \"within PT0.3S\")") == 0, log::toString);
  }

  private CleanSocket connected() throws IOException {
    CleanSocket socket = new CleanSocket();
    socket.connect(printer.getLocalSocketAddress());
    return socket;
  }

  private void readAll(int length) {
    try (Socket peer = printer.accept()) {
      assertEquals(length, peer.getInputStream().readNBytes(length).length);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void tls() throws Exception {
    SSLContext context = SSLContext.getDefault();
    SocketSettings settings = SocketSettings.standard();
    int port = printer.getLocalPort();
    // snippet: tls
    CleanSslSocketFactory factory = new CleanSslSocketFactory(context, settings);
    CleanSslSocket socket = factory.createSocket("localhost", port);
    CutTimeoutException cut =
        assertThrows(
            CutTimeoutException.class,
            () ->
                CancelScope.within("printer's hello", Duration.ofMillis(200))
                    .run(socket::startHandshake)); // the printer says nothing
    assertTrue(!socket.isClosed()); // startHandshake, a read or a write goes on with the handshake
    // end
    assertTrue(cut.getMessage().contains("scope \"printer's hello\""), cut.getMessage());
    socket.close();
  }
}
