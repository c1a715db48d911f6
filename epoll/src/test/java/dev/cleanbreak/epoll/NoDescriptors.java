package dev.cleanbreak.epoll;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CleanServerSocket;
import dev.cleanbreak.CleanSocket;
import dev.cleanbreak.CutException;
import dev.cleanbreak.CutKind;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program of its own for {@link NoDescriptorsTest}, which lets it have few descriptors: takes all
 * that there are, uses sockets all the same, and prints what became of each attempt. It goes
 * through everything twice, because without descriptors no class is found either: the first time
 * with some to spare.
 */
final class NoDescriptors {
  private static final long LIMIT_SECONDS = 20;

  private final Deque<FileInputStream> taken = new ArrayDeque<>();

  private NoDescriptors() {}

  public static void main(String[] args) throws Exception {
    new NoDescriptors().run(false, 2);
    new NoDescriptors().run(true, 6);
    System.exit(0);
  }

  /** More platform threads wait at once than did the first time, so some have no eventfd. */
  private void run(boolean withoutDescriptors, int waiters) throws Exception {
    List<String> seen = new ArrayList<>();
    try (CleanServerSocket listener =
        new CleanServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      List<CleanSocket> near = new ArrayList<>();
      List<CleanSocket> far = new ArrayList<>();
      for (int i = 0; i < 2 * waiters; i++) {
        near.add(connected(listener));
        far.add(listener.accept());
      }
      CleanSocket asking = new CleanSocket();
      asking.bind(null); // has its descriptor
      takeAll(withoutDescriptors);
      seen.add("connect: " + failure(() -> connected(listener)));
      asking.connect(listener.getLocalSocketAddress());
      seen.add("accept: " + failure(listener::accept));
      for (int i = 0; i < waiters; i++) {
        Thread.Builder kind = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
        seen.add("wait: " + waits(kind, near.get(i), far.get(i)));
      }
      seen.add("waits: " + cutAll(near.subList(waiters, 2 * waiters)));
      giveBack();
      seen.add("accept: " + failure(listener::accept));
    }
    if (withoutDescriptors) {
      seen.forEach(System.out::println);
    }
  }

  private static CleanSocket connected(CleanServerSocket listener) throws IOException {
    CleanSocket socket = new CleanSocket();
    socket.connect(listener.getLocalSocketAddress());
    return socket;
  }

  private void takeAll(boolean all) throws IOException {
    try {
      do {
        taken.push(new FileInputStream("/dev/null"));
      } while (all);
    } catch (FileNotFoundException noMore) {
      // That is the point.
    }
  }

  private void giveBack() throws IOException {
    while (!taken.isEmpty()) {
      taken.pop().close();
    }
  }

  private interface Attempt {
    Object run() throws IOException;
  }

  private static String failure(Attempt attempt) {
    try {
      attempt.run();
      return "done";
    } catch (SocketException e) {
      return e.getMessage();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** A read that waits for a byte, and one that its deadline cuts. */
  private static String waits(Thread.Builder kind, CleanSocket near, CleanSocket far)
      throws Exception {
    FutureTask<String> reader =
        new FutureTask<>(() -> {
          int first = near.getInputStream().read();
          try (CancelScope scope = CancelScope.within(Duration.ofMillis(20))) {
            scope.run(() -> near.getInputStream().read());
            return "not cut";
          } catch (IOException e) {
            return first + ", " + kindOf(e);
          }
        });
    kind.start(reader);
    Waiting.await("a wait", () -> Waiting.in(near));
    far.getOutputStream().write(7);
    return reader.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Reads of platform threads, all at once, which a scope cuts. */
  private static String cutAll(List<CleanSocket> sockets) throws Exception {
    AtomicInteger cut = new AtomicInteger();
    try (CancelScope scope = CancelScope.open("all")) {
      List<Thread> readers = new ArrayList<>();
      for (CleanSocket each : sockets) {
        Runnable read =
            () -> {
              try {
                each.getInputStream().read();
              } catch (IOException e) {
                if (kindOf(e) == CutKind.CANCELLED) {
                  cut.incrementAndGet();
                }
              }
            };
        readers.add(Thread.ofPlatform().start(scope.wrap(read)));
      }
      Waiting.await("all wait", () -> sockets.stream().allMatch(Waiting::in));
      scope.cancel("enough");
      for (Thread each : readers) {
        each.join();
      }
    }
    return cut.get() + " cut";
  }

  private static CutKind kindOf(IOException e) {
    return e instanceof CutException cut ? cut.cut().kind() : null;
  }
}
