package dev.cleanbreak.epoll;

import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tries, once, whether what the transport needs works in this process: a kernel, a sandbox or a C
 * library may lack something. A byte goes to a platform thread and to a virtual one, which wait for
 * it.
 */
final class SelfTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** The answer, found at the first question. */
  private static final class Done {
    static final @Nullable String FAILURE = run();
  }

  private SelfTest() {}

  /** What does not work here; null if all does. */
  static @Nullable String failure() {
    return Done.FAILURE;
  }

  private static @Nullable String run() {
    try {
      // Loaded now, because without descriptors no class is found that tells of that.
      Errno.message(Errno.EMFILE);
      sleepsAndWakes();
      receives(Thread.ofPlatform().daemon());
      receives(Thread.ofVirtual());
      return null;
    } catch (Exception | LinkageError | AssertionError e) {
      return "its self-test failed: " + root(e);
    }
  }

  /** What a class's initializer failed with, and a thread, is the cause of what is thrown here. */
  private static Throwable root(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : root(cause);
  }

  /**
   * What a wait can do without, badly: without an eventfd it is woken late, which is for the lack
   * of descriptors alone, and without {@code ppoll} it never sleeps.
   */
  private static void sleepsAndWakes() throws IOException {
    int made = Libc.eventfd();
    EpollPort.check(made);
    EpollPort.check(Libc.close(made));
    Scratch scratch = Scratch.POOL.take();
    try {
      MemorySegment noTime = scratch.value.asSlice(0, 2 * Long.BYTES).fill((byte) 0);
      EpollPort.check(Libc.ppoll(MemorySegment.NULL, 0, noTime, scratch.errno));
    } finally {
      Scratch.POOL.give(scratch);
    }
  }

  private static void receives(Thread.Builder kind) throws IOException, InterruptedException {
    EpollTransport transport = new EpollTransport();
    EpollListener listener = (EpollListener) transport.openListener();
    try {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      EpollStream near = (EpollStream) transport.openStream();
      try {
        SocketAddress address = Objects.requireNonNull(listener.localAddress());
        if (!near.connect(address) && !near.finishConnect()) {
          near.newReadiness().await(Readiness.CONNECT, LIMIT.toNanos());
        }
        EpollStream far = (EpollStream) Objects.requireNonNull(listener.accept());
        try {
          receives(kind, near, far);
        } finally {
          far.close();
        }
      } finally {
        near.close();
      }
    } finally {
      listener.close();
    }
  }

  private static void receives(Thread.Builder kind, EpollStream near, EpollStream far)
      throws IOException, InterruptedException {
    AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    CountDownLatch triedInVain = new CountDownLatch(1);
    Readiness place = far.newReadiness();
    Thread reader =
        kind.name("cleanbreak-epoll-self-test")
            .inheritInheritableThreadLocals(false)
            .start(() -> {
              try {
                while (far.read(new byte[1], 0, 1) == 0) {
                  triedInVain.countDown();
                  place.await(Readiness.READ, LIMIT.toNanos());
                }
              } catch (IOException | RuntimeException | Error e) {
                failed.set(e);
              }
            });
    if (triedInVain.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
      near.write(new byte[1], 0, 1);
    }
    boolean done = reader.join(LIMIT);
    Throwable why = failed.get();
    if (why != null) {
      throw new IOException(why.toString(), why);
    }
    if (!done) {
      throw new IOException(
          "a waiting "
              + (reader.isVirtual() ? "virtual" : "platform")
              + " thread was not told of a byte");
    }
  }
}
