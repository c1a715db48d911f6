package dev.cleanbreak.agent;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Every way to cut a call, with the verdict that it should have. */
final class Ways {
  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  /** A way. Its body returns when the call has ended, or may go on for ever. */
  record Way(String name, String verdict, Body body) {}

  interface Body {
    void run(Stage stage) throws Exception;
  }

  /** The far ends: closed by the garbage collector, they would end calls, too. */
  private static final List<Object> KEPT = new ArrayList<>();

  private final List<Way> all = new ArrayList<>();

  static List<Way> all() {
    Ways ways = new Ways();
    ways.sockets();
    ways.channels();
    ways.files();
    ways.selectors();
    ways.asynchronous();
    ways.tls();
    ways.waits();
    ways.mechanisms();
    return ways.all;
  }

  private void way(String name, String verdict, Body body) {
    all.add(new Way(name, verdict, body));
  }

  private static <T> T kept(T value) {
    KEPT.add(value);
    return value;
  }

  /** A connected pair; the far end does nothing. */
  static Socket[] pair() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
      Socket near = new Socket(LOOPBACK, server.getLocalPort());
      return kept(new Socket[] {near, server.accept()});
    }
  }

  private static SocketChannel[] channelPair() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(LOOPBACK, 0));
      SocketChannel near = SocketChannel.open(server.getLocalAddress());
      return kept(new SocketChannel[] {near, server.accept()});
    }
  }

  private static Callable<?> writing(Socket socket) {
    return () -> {
      byte[] bytes = new byte[1 << 20];
      while (true) {
        socket.getOutputStream().write(bytes);
      }
    };
  }

  private static Callable<?> writing(SocketChannel channel) {
    return () -> {
      while (true) {
        channel.write(ByteBuffer.allocate(1 << 20));
      }
    };
  }

  private static ByteBuffer one() {
    return ByteBuffer.allocate(1);
  }

  private void sockets() {
    way(
        "Socket read, close()",
        "close",
        stage -> {
          Socket socket = pair()[0];
          stage.call(() -> socket.getInputStream().read()).waits().by(socket::close);
        });
    way(
        "Socket write, close()",
        "close",
        stage -> {
          Socket[] pair = pair();
          stage.call(writing(pair[0])).waits().by(pair[0]::close);
        });
    way(
        "Socket read, shutdownInput()",
        "close",
        stage -> {
          Socket socket = pair()[0];
          stage.call(() -> socket.getInputStream().read()).waits().by(socket::shutdownInput);
        });
    way(
        "Socket read, interrupt",
        "interrupt",
        stage -> {
          Socket socket = pair()[0];
          stage.call(() -> socket.getInputStream().read()).waits();
          stage.by(() -> stage.victim().interrupt());
        });
    way(
        "Socket write, interrupt",
        "interrupt",
        stage -> {
          Socket[] pair = pair();
          stage.call(writing(pair[0])).waits().by(() -> stage.victim().interrupt());
        });
    way(
        "Socket read after close()",
        "close",
        stage -> {
          Socket socket = pair()[0];
          java.io.InputStream in = socket.getInputStream();
          stage.by(socket::close).call(in::read);
        });
    way(
        "Socket getInputStream after close()",
        "close",
        stage -> {
          Socket socket = pair()[0];
          stage.by(socket::close).call(socket::getInputStream);
        });
    way(
        "Socket connect, close()",
        "close",
        stage -> {
          ServerSocket full = kept(new ServerSocket(0, 1, LOOPBACK));
          List<Socket> queue = new ArrayList<>();
          for (int i = 0; i < 2; i++) {
            queue.add(new Socket(LOOPBACK, full.getLocalPort()));
          }
          Socket socket = new Socket();
          stage
              .call(() -> {
                socket.connect(full.getLocalSocketAddress());
                return queue;
              })
              .waits()
              .by(socket::close);
        });
    way(
        "Socket read, limit set by another thread",
        "timeout",
        stage -> {
          Socket socket = pair()[0];
          stage.by(() -> socket.setSoTimeout(50)).call(() -> socket.getInputStream().read());
        });
    way(
        "ServerSocket accept, close()",
        "close",
        stage -> {
          ServerSocket server = kept(new ServerSocket(0, 1, LOOPBACK));
          stage.call(server::accept).waits().by(server::close);
        });
    way(
        "ServerSocket accept, interrupt",
        "interrupt",
        stage -> {
          ServerSocket server = kept(new ServerSocket(0, 1, LOOPBACK));
          stage.call(server::accept).waits().by(() -> stage.victim().interrupt());
        });
    way(
        "DatagramSocket receive, close()",
        "close",
        stage -> {
          DatagramSocket socket = new DatagramSocket(0, LOOPBACK);
          stage
              .call(() -> {
                socket.receive(new DatagramPacket(new byte[1], 1));
                return null;
              })
              .waits()
              .by(socket::close);
        });
    way(
        "DatagramSocket receive, interrupt",
        "interrupt",
        stage -> {
          DatagramSocket socket = new DatagramSocket(0, LOOPBACK);
          stage
              .call(() -> {
                socket.receive(new DatagramPacket(new byte[1], 1));
                return null;
              })
              .waits()
              .by(() -> stage.victim().interrupt());
        });
    way(
        "HttpURLConnection read, disconnect()",
        "close",
        stage -> {
          ServerSocket silent = kept(new ServerSocket(0, 1, LOOPBACK));
          HttpURLConnection http =
              (HttpURLConnection)
                  URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/")
                      .toURL()
                      .openConnection();
          http.connect();
          stage.call(http::getResponseCode).waits().by(http::disconnect);
        });
  }

  private void channels() {
    way(
        "SocketChannel read, close()",
        "close",
        stage -> {
          SocketChannel channel = channelPair()[0];
          stage.call(() -> channel.read(one())).waits().by(channel::close);
        });
    way(
        "SocketChannel read, interrupt",
        "interrupt",
        stage -> {
          SocketChannel channel = channelPair()[0];
          stage.call(() -> channel.read(one())).waits().by(() -> stage.victim().interrupt());
        });
    way(
        "SocketChannel read, interrupted before",
        "interrupt",
        stage -> {
          SocketChannel channel = channelPair()[0];
          stage.call(() -> {
            while (!Thread.currentThread().isInterrupted()) {
              Thread.yield();
            }
            return channel.read(one());
          });
          stage.by(() -> stage.victim().interrupt());
        });
    way(
        "SocketChannel read, interrupt put back",
        "interrupt",
        stage -> {
          SocketChannel channel = channelPair()[0];
          stage
              .call(() -> {
                try {
                  Thread.sleep(60_000);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                return channel.read(one());
              })
              .waits()
              .by(() -> stage.victim().interrupt());
        });
    way(
        "SocketChannel read, shutdownInput()",
        "close",
        stage -> {
          SocketChannel channel = channelPair()[0];
          stage.call(() -> channel.read(one())).waits().by(channel::shutdownInput);
        });
    way(
        "SocketChannel write, close()",
        "close",
        stage -> {
          SocketChannel[] pair = channelPair();
          stage.call(writing(pair[0])).waits().by(pair[0]::close);
        });
    way(
        "SocketChannel write, shutdownOutput()",
        "close",
        stage -> {
          SocketChannel[] pair = channelPair();
          stage.call(writing(pair[0])).waits().by(pair[0]::shutdownOutput);
        });
    way(
        "SocketChannel write, interrupt",
        "interrupt",
        stage -> {
          SocketChannel[] pair = channelPair();
          stage.call(writing(pair[0])).waits().by(() -> stage.victim().interrupt());
        });
    way(
        "SocketChannel read after close()",
        "close",
        stage -> {
          SocketChannel channel = channelPair()[0];
          stage.by(channel::close).call(() -> channel.read(one()));
        });
    way(
        "SocketChannel read after another thread's interrupt",
        "interrupt",
        stage -> {
          SocketChannel channel = channelPair()[0];
          Stage other = new Stage("other", false);
          other.call(() -> channel.read(one())).waits();
          stage.by(() -> other.victim().interrupt());
          other.ends(Stage.LIMIT_NANOS);
          stage.call(() -> channel.read(one()));
        });
    way(
        "SocketChannel's socket() read, close()",
        "close",
        stage -> {
          SocketChannel channel = channelPair()[0];
          stage
              .call(() -> channel.socket().getInputStream().read())
              .waits()
              .by(channel.socket()::close);
        });
    way(
        "ServerSocketChannel accept, close()",
        "close",
        stage -> {
          ServerSocketChannel server =
              ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
          stage.call(server::accept).waits().by(server::close);
        });
    way(
        "ServerSocketChannel accept, interrupt",
        "interrupt",
        stage -> {
          ServerSocketChannel server =
              ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
          stage.call(server::accept).waits().by(() -> stage.victim().interrupt());
        });
    way(
        "DatagramChannel receive, close()",
        "close",
        stage -> {
          DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
          stage.call(() -> channel.receive(one())).waits().by(channel::close);
        });
    way(
        "DatagramChannel receive, interrupt",
        "interrupt",
        stage -> {
          DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
          stage.call(() -> channel.receive(one())).waits().by(() -> stage.victim().interrupt());
        });
    way(
        "Pipe read, close()",
        "close",
        stage -> {
          Pipe pipe = Pipe.open();
          stage.call(() -> pipe.source().read(one())).waits().by(pipe.source()::close);
        });
    way(
        "Pipe read, interrupt",
        "interrupt",
        stage -> {
          Pipe pipe = Pipe.open();
          stage.call(() -> pipe.source().read(one())).waits().by(() -> stage.victim().interrupt());
        });
  }

  private void files() {
    way(
        "FileChannel read, interrupted before",
        "interrupt",
        stage -> {
          FileChannel file = FileChannel.open(aFile());
          stage.call(() -> {
            while (!Thread.currentThread().isInterrupted()) {
              Thread.yield();
            }
            return file.read(one());
          });
          stage.by(() -> stage.victim().interrupt());
        });
    way(
        "FileChannel read after another thread's interrupt",
        "interrupt",
        stage -> {
          FileChannel file = FileChannel.open(aFile());
          Stage other = new Stage("other", false);
          other.call(() -> {
            while (!Thread.currentThread().isInterrupted()) {
              Thread.yield();
            }
            return file.read(one());
          });
          stage.by(() -> {
            other.victim().interrupt();
          });
          other.ends(Stage.LIMIT_NANOS);
          stage.call(() -> file.read(one()));
        });
    way(
        "FileChannel read after close()",
        "close",
        stage -> {
          FileChannel file = FileChannel.open(aFile());
          stage.by(file::close).call(() -> file.read(one()));
        });
  }

  private static Path aFile() throws Exception {
    Path file = Files.createTempFile("way", ".txt");
    file.toFile().deleteOnExit();
    return Files.writeString(file, "text");
  }

  private void selectors() {
    way(
        "Selector select, interrupt",
        "interrupt",
        stage -> {
          Selector selector = Selector.open();
          stage.call(selector::select).waits().by(() -> stage.victim().interrupt());
        });
    way(
        "Selector select, interrupted before",
        "interrupt",
        stage -> {
          Selector selector = Selector.open();
          stage.call(() -> {
            while (!Thread.currentThread().isInterrupted()) {
              Thread.yield();
            }
            return selector.select();
          });
          stage.by(() -> stage.victim().interrupt());
        });
    way(
        "Selector select after close()",
        "close",
        stage -> {
          Selector selector = Selector.open();
          stage.by(selector::close).call(selector::select);
        });
  }

  private void asynchronous() {
    way(
        "AsynchronousSocketChannel read, close()",
        "close",
        stage -> {
          ServerSocket server = kept(new ServerSocket(0, 1, LOOPBACK));
          AsynchronousSocketChannel channel = AsynchronousSocketChannel.open();
          channel.connect(server.getLocalSocketAddress()).get();
          stage.call(() -> unwrapped(channel.read(one()))).waits().by(channel::close);
        });
    way(
        "AsynchronousServerSocketChannel accept, close()",
        "close",
        stage -> {
          AsynchronousServerSocketChannel server =
              AsynchronousServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
          stage.call(() -> unwrapped(server.accept())).waits().by(server::close);
        });
  }

  private static Object unwrapped(java.util.concurrent.Future<?> future) throws Exception {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  private void tls() {
    way(
        "SSLSocket handshake, close()",
        "close",
        stage -> {
          ServerSocket silent = kept(new ServerSocket(0, 1, LOOPBACK));
          SSLSocket socket =
              (SSLSocket)
                  SSLSocketFactory.getDefault().createSocket(LOOPBACK, silent.getLocalPort());
          stage
              .call(() -> {
                socket.startHandshake();
                return null;
              })
              .waits()
              .by(socket::close);
        });
    way(
        "SSLSocket read, close()",
        "close",
        stage -> {
          SSLSocket socket = tlsPair();
          stage.call(() -> socket.getInputStream().read()).waits().by(socket::close);
        });
    way(
        "SSLSocket read after close()",
        "close",
        stage -> {
          SSLSocket socket = tlsPair();
          java.io.InputStream in = socket.getInputStream();
          stage.by(socket::close).call(in::read);
        });
    way(
        "SSLSocket over a Socket, handshake, close() of the Socket",
        "close",
        stage -> {
          ServerSocket silent = kept(new ServerSocket(0, 1, LOOPBACK));
          Socket plain = new Socket(LOOPBACK, silent.getLocalPort());
          SSLSocket socket =
              (SSLSocket)
                  ((SSLSocketFactory) SSLSocketFactory.getDefault())
                      .createSocket(plain, "localhost", silent.getLocalPort(), true);
          stage
              .call(() -> {
                socket.startHandshake();
                return null;
              })
              .waits()
              .by(plain::close);
        });
  }

  /** A client after its handshake; its server waits. The key is of javax.net.ssl.keyStore. */
  private static SSLSocket tlsPair() throws Exception {
    SSLContext context = SSLContext.getDefault();
    SSLServerSocket server =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 1, LOOPBACK);
    Stage.start(
        false,
        "tls server",
        () -> {
          try {
            kept(server.accept()).getInputStream().read();
          } catch (Exception e) {
            // Its end.
          }
        });
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(LOOPBACK, server.getLocalPort());
    socket.startHandshake();
    return socket;
  }

  private void waits() {
    way(
        "Thread.sleep, interrupt",
        "interrupt",
        stage -> {
          stage
              .call(() -> {
                Thread.sleep(60_000);
                return null;
              })
              .waits()
              .by(() -> stage.victim().interrupt());
        });
    way(
        "Object.wait, interrupt",
        "interrupt",
        stage -> {
          Object lock = new Object();
          stage
              .call(() -> {
                synchronized (lock) {
                  lock.wait();
                }
                return null;
              })
              .waits()
              .by(() -> stage.victim().interrupt());
        });
    way(
        "BlockingQueue.take, interrupt",
        "interrupt",
        stage -> {
          LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
          stage.call(queue::take).waits().by(() -> stage.victim().interrupt());
        });
    way(
        "Lock.lockInterruptibly, interrupt",
        "interrupt",
        stage -> {
          ReentrantLock lock = new ReentrantLock();
          lock.lock();
          stage
              .call(() -> {
                lock.lockInterruptibly();
                return null;
              })
              .waits()
              .by(() -> stage.victim().interrupt());
        });
    way(
        "HttpClient.send, interrupt",
        "interrupt",
        stage -> {
          ServerSocket silent = kept(new ServerSocket(0, 1, LOOPBACK));
          HttpRequest request =
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/"))
                  .build();
          stage
              .call(() ->
                  HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()))
              .waits()
              .by(() -> stage.victim().interrupt());
        });
  }

  private void mechanisms() {
    way(
        "SocketChannel read, Future.cancel(true)",
        "future-cancel",
        stage -> {
          SocketChannel channel = channelPair()[0];
          Throwing task = new Throwing(() -> channel.read(one()));
          FutureTask<Object> future = new FutureTask<>(task);
          stage
              .call(() -> {
                future.run();
                return task.rethrow();
              })
              .waits()
              .by(() -> future.cancel(true));
        });
    way(
        "SocketChannel read, shutdownNow()",
        "executor-shutdown-now",
        stage -> {
          SocketChannel channel = channelPair()[0];
          ExecutorService executor = Executors.newSingleThreadExecutor(stage.factory());
          executor.execute(stage.task(() -> channel.read(one())));
          stage.waits().by(executor::shutdownNow);
        });
    way(
        "Socket read, ScheduledExecutorService",
        "timer",
        stage -> {
          Socket socket = pair()[0];
          stage.call(() -> socket.getInputStream().read()).waits();
          ScheduledExecutorService scheduler =
              Executors.newScheduledThreadPool(1, task -> new Thread(task, stage.culpritName()));
          scheduler.schedule(() -> closeQuietly(socket), 1, TimeUnit.MILLISECONDS);
          scheduler.shutdown();
        });
    way(
        "Socket read, java.util.Timer",
        "timer",
        stage -> {
          Socket socket = pair()[0];
          stage.call(() -> socket.getInputStream().read()).waits();
          new Timer(stage.culpritName(), true)
              .schedule(
                  new TimerTask() {
                    @Override
                    public void run() {
                      closeQuietly(socket);
                    }
                  },
                  1);
        });
    way(
        "Socket read, its own earlier close()",
        "self",
        stage -> {
          Socket socket = pair()[0];
          stage.call(() -> {
            java.io.InputStream in = socket.getInputStream();
            socket.close();
            return in.read();
          });
        });
  }

  static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A task that keeps what it threw. */
  private static final class Throwing implements Callable<Object> {
    private final Callable<?> call;
    private volatile Exception thrown;

    Throwing(Callable<?> call) {
      this.call = call;
    }

    @Override
    public Object call() throws Exception {
      try {
        return call.call();
      } catch (Exception e) {
        thrown = e;
        throw e;
      }
    }

    Object rethrow() throws Exception {
      Exception e = thrown;
      if (e != null) {
        throw e;
      }
      return this;
    }
  }
}
