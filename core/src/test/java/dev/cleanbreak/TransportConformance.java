package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.spi.DatagramPort;
import dev.cleanbreak.spi.ListenerPort;
import dev.cleanbreak.spi.Readiness;
import dev.cleanbreak.spi.StreamPort;
import dev.cleanbreak.spi.Transport;
import dev.cleanbreak.spi.WritePoller;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every transport must pass: a subclass names it. */
@Timeout(60)
abstract class TransportConformance {
  private static final long SECONDS_20 = TimeUnit.SECONDS.toNanos(20);
  private static final long MILLIS_5 = TimeUnit.MILLISECONDS.toNanos(5);

  private final List<AutoCloseable> opened = new ArrayList<>();

  abstract Transport transport();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private <P extends dev.cleanbreak.spi.Port> P keep(P port) {
    opened.add(port::close);
    return port;
  }

  private Readiness readiness(dev.cleanbreak.spi.Port port) {
    Readiness made = port.newReadiness();
    opened.add(made::close);
    return made;
  }

  private record Link(StreamPort near, StreamPort far) {}

  private Link link() throws IOException {
    ListenerPort listener = keep(transport().openListener());
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    StreamPort near = keep(transport().openStream());
    connect(near, listener.localAddress());
    StreamPort far = null;
    Readiness accepting = readiness(listener);
    while (far == null) {
      far = listener.accept();
      if (far == null) {
        accepting.await(Readiness.ACCEPT, SECONDS_20);
      }
    }
    return new Link(near, keep(far));
  }

  private void connect(StreamPort port, SocketAddress to) throws IOException {
    if (!port.connect(to)) {
      Readiness connecting = readiness(port);
      while (!port.finishConnect()) {
        connecting.await(Readiness.CONNECT, SECONDS_20);
      }
    }
  }

  private static ByteBuffer bytes(int size) {
    ByteBuffer made = ByteBuffer.allocate(size);
    for (int i = 0; i < size; i++) {
      made.put(i, (byte) (i * 7));
    }
    return made;
  }

  private static int read(StreamPort port, ByteBuffer target) throws IOException {
    int n = port.read(target.array(), target.position(), target.remaining());
    target.position(target.position() + Math.max(n, 0));
    return n;
  }

  private static int write(StreamPort port, ByteBuffer source) throws IOException {
    int n = port.write(source.array(), source.position(), source.remaining());
    source.position(source.position() + n);
    return n;
  }

  @Test
  void nothingToReadIsZeroAndTheEndIsMinusOne() throws Exception {
    Link link = link();
    ByteBuffer target = ByteBuffer.allocate(10);
    assertEquals(0, read(link.near, target));
    assertEquals(0, link.near.available());
    assertEquals(3, write(link.far, bytes(3)));
    link.far.shutdownOutput();
    readiness(link.near).await(Readiness.READ, SECONDS_20);
    Conditions.await("three bytes", () -> availableIn(link.near) == 3);
    assertEquals(3, read(link.near, target));
    Conditions.await("the end", () -> readFrom(link.near, target) == -1);
  }

  @Test
  void aLookFindsWhatTheReadsFindAndTakesNothing() throws Exception {
    Link link = link();
    ByteBuffer target = ByteBuffer.allocate(10);
    assertEquals(0, link.near.peek());
    write(link.far, bytes(3));
    Conditions.await("a byte", () -> peekAt(link.near) == 1);
    assertEquals(1, link.near.peek());
    assertEquals(0, read(link.near, ByteBuffer.allocate(0)));
    Conditions.await("three bytes", () -> availableIn(link.near) == 3);
    while (target.position() < 3) {
      assertTrue(read(link.near, target) > 0);
    }
    assertEquals(bytes(3), target.flip());
    link.far.shutdownOutput();
    Conditions.await("the end", () -> peekAt(link.near) == -1);
    assertEquals(-1, link.near.peek());
    assertEquals(-1, read(link.near, target.clear()));
  }

  @Test
  void aLookDoesNotHideAReset() throws Exception {
    Link link = link();
    write(link.far, bytes(1));
    Conditions.await("a byte", () -> peekAt(link.near) == 1);
    link.far.setOption(StandardSocketOptions.SO_LINGER, 0);
    link.far.close();
    readiness(link.near).await(Readiness.READ, SECONDS_20);
    assertEquals(1, read(link.near, ByteBuffer.allocate(10)), "what came before it");
    for (int i = 0; i < 2; i++) {
      assertThrows(SocketException.class, () -> link.near.peek());
      assertThrows(SocketException.class, () -> read(link.near, ByteBuffer.allocate(1)));
    }
  }

  private static int peekAt(StreamPort port) {
    try {
      return port.peek();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int availableIn(StreamPort port) {
    try {
      return port.available();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int readFrom(StreamPort port, ByteBuffer target) {
    try {
      return read(port, target);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFullPeerTakesZeroAndRoomComesBack() throws Exception {
    Link link = link();
    int sent = 0;
    ByteBuffer chunk = bytes(1 << 20);
    for (int n; (n = write(link.near, chunk.clear())) > 0; ) {
      sent += n;
    }
    Readiness writing = readiness(link.near);
    FutureTask<Void> waiting = awaiting(writing, Readiness.WRITE);
    ThreadKind.PLATFORM.start(waiting);
    ByteBuffer target = ByteBuffer.allocate(1 << 20);
    int received = 0;
    Readiness reading = readiness(link.far);
    while (received < sent) {
      int n = read(link.far, target.clear());
      received += n;
      if (n == 0) {
        reading.await(Readiness.READ, SECONDS_20);
      }
    }
    waiting.get();
    assertTrue(write(link.near, chunk.clear()) > 0);
  }

  private static FutureTask<Void> awaiting(Readiness place, int interest) {
    return new FutureTask<>(() -> {
      place.await(interest, SECONDS_20);
      return null;
    });
  }

  @ParameterizedTest
  @EnumSource
  void aWakeEndsAnAwaitAndIsSticky(ThreadKind kind) throws Exception {
    Readiness reading = readiness(link().near);
    reading.wake();
    FutureTask<Void> first = awaiting(reading, Readiness.READ);
    kind.start(first);
    first.get(20, TimeUnit.SECONDS);
    FutureTask<Void> second = awaiting(reading, Readiness.READ);
    kind.start(second);
    reading.wake();
    second.get(20, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsAnAwaitLeavesTheStatusAndClosesNothing(ThreadKind kind) throws Exception {
    Link link = link();
    Readiness reading = readiness(link.near);
    FutureTask<Boolean> waiting =
        new FutureTask<>(() -> {
          InterruptWitness hook = new InterruptWitness();
          boolean hooked = reading.leavesInterruptHook();
          if (hooked) {
            hook.beginWatch(reading);
          }
          try {
            reading.await(Readiness.READ, SECONDS_20);
          } finally {
            if (hooked) {
              hook.endWatch();
            }
          }
          return Thread.currentThread().isInterrupted();
        });
    kind.start(waiting).interrupt();
    assertTrue(waiting.get());
    assertEquals(2, write(link.near, bytes(2)));
    FutureTask<Integer> interrupted =
        new FutureTask<>(() -> {
          Thread.currentThread().interrupt();
          return write(link.near, bytes(5)) + read(link.near, ByteBuffer.allocate(1));
        });
    kind.start(interrupted);
    assertEquals(5, interrupted.get(), "calls of an interrupted thread close nothing either");
    Conditions.await("all seven", () -> availableIn(link.far) == 7);
  }

  /** The hook is not told of an interrupt that a thread makes itself. */
  @ParameterizedTest
  @EnumSource
  void anAwaitOfAThreadThatIsInterruptedEndsAtOnce(ThreadKind kind) throws Exception {
    Readiness reading = readiness(link().near);
    FutureTask<Boolean> waiting =
        new FutureTask<>(() -> {
          Thread.currentThread().interrupt();
          reading.await(Readiness.READ, Readiness.FOREVER);
          return Thread.currentThread().isInterrupted();
        });
    kind.start(waiting);
    assertTrue(waiting.get(20, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @EnumSource
  void anAwaitIsNeverEarly(ThreadKind kind) throws Exception {
    Readiness reading = readiness(link().near);
    for (long nanos : new long[] {1, 999_999, 1_000_001, 5_300_000}) {
      FutureTask<Long> waiting =
          new FutureTask<>(() -> {
            long start = System.nanoTime();
            reading.await(Readiness.READ, nanos);
            return System.nanoTime() - start;
          });
      kind.start(waiting);
      assertTrue(waiting.get() >= nanos, () -> "early for " + nanos);
    }
  }

  /** An await may return for no reason, but not every one: whoever waits would burn a core. */
  @ParameterizedTest
  @EnumSource
  void anAwaitSleepsAgainAfterOneThatFoundItsPortReady(ThreadKind kind) throws Exception {
    Link link = link();
    Readiness reading = readiness(link.near);
    FutureTask<Boolean> reader =
        new FutureTask<>(() -> {
          do {
            reading.await(Readiness.READ, SECONDS_20);
          } while (read(link.near, ByteBuffer.allocate(1)) == 0);
          boolean slept = false;
          for (int i = 0; i < 100 && !slept; i++) {
            long start = System.nanoTime();
            reading.await(Readiness.READ, MILLIS_5);
            slept = System.nanoTime() - start >= MILLIS_5;
            assertEquals(0, read(link.near, ByteBuffer.allocate(1)));
          }
          return slept;
        });
    kind.start(reader);
    write(link.far, bytes(1));
    assertTrue(reader.get());
  }

  /** A call that is cut after its wait has not read, and the next one may begin with a wait. */
  @ParameterizedTest
  @EnumSource
  void anAwaitFindsWhatWasThereForAnEarlierOneAndNotTaken(ThreadKind kind) throws Exception {
    Link link = link();
    Readiness reading = readiness(link.near);
    FutureTask<Void> reader =
        new FutureTask<>(() -> {
          while (availableIn(link.near) == 0) {
            reading.await(Readiness.READ, SECONDS_20);
          }
          reading.await(Readiness.READ, Readiness.FOREVER);
          return null;
        });
    kind.start(reader);
    write(link.far, bytes(1));
    reader.get(20, TimeUnit.SECONDS);
  }

  /** However often a thread of the one kind waits, it takes nothing from one of the other. */
  @Test
  void awaitsOfPlatformThreadsDoNotEndTheWatchForAVirtualOne() throws Exception {
    Link link = link();
    while (write(link.near, bytes(1 << 20)) > 0) {
      // until it jams
    }
    FutureTask<Void> writer = awaiting(readiness(link.near), Readiness.WRITE);
    Thread waiting = ThreadKind.VIRTUAL.start(writer);
    Conditions.await(
        "a writer that waits",
        () ->
            waiting.getState() == Thread.State.WAITING
                || waiting.getState() == Thread.State.TIMED_WAITING);
    Readiness reading = readiness(link.near);
    for (int i = 0; i < 100; i++) {
      reading.await(Readiness.READ, 1);
    }
    assertFalse(writer.isDone());
    ByteBuffer target = ByteBuffer.allocate(1 << 20);
    Conditions.await(
        "a writer that has room",
        () -> {
          readFrom(link.far, target.clear());
          return writer.isDone();
        });
    writer.get();
  }

  @Test
  void bothDirectionsWaitAtOnce() throws Exception {
    Link link = link();
    while (write(link.near, bytes(1 << 20)) > 0) {
      // until it jams
    }
    FutureTask<Void> writer = awaiting(readiness(link.near), Readiness.WRITE);
    FutureTask<Void> reader = awaiting(readiness(link.near), Readiness.READ);
    ThreadKind.PLATFORM.start(writer);
    ThreadKind.VIRTUAL.start(reader);
    write(link.far, bytes(1));
    reader.get(20, TimeUnit.SECONDS);
    assertFalse(writer.isDone());
    ByteBuffer target = ByteBuffer.allocate(1 << 20);
    while (!writer.isDone()) {
      read(link.far, target.clear());
    }
    writer.get();
  }

  @Test
  void aRefusedConnectSaysSo() throws Exception {
    ListenerPort listener = transport().openListener();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    SocketAddress gone = listener.localAddress();
    listener.close();
    StreamPort port = keep(transport().openStream());
    assertThrows(ConnectException.class, () -> connect(port, gone));
  }

  @Test
  void aResetIsASocketException() throws Exception {
    Link link = link();
    link.far.setOption(StandardSocketOptions.SO_LINGER, 0);
    link.far.close();
    readiness(link.near).await(Readiness.READ, SECONDS_20);
    assertThrows(SocketException.class, () -> read(link.near, ByteBuffer.allocate(1)));
  }

  @Test
  void optionsAndAddressesAreThose() throws Exception {
    Link link = link();
    assertEquals(link.near.localAddress(), link.far.remoteAddress());
    assertTrue(link.near.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY));
    link.near.setOption(StandardSocketOptions.TCP_NODELAY, true);
    assertTrue(link.near.getOption(StandardSocketOptions.TCP_NODELAY));
    assertNull(keep(transport().openStream()).localAddress());
    link.near.urgentInline(true);
    assertTrue(link.near.urgentInline());
    assertTrue(link.far.sendUrgent(42));
    Conditions.await("the urgent byte", () -> availableIn(link.near) == 1);
  }

  @Test
  void oneCallMovesBuffersOfAnySizeAndKeepsTheirLimits() throws Exception {
    Link link = link();
    ByteBuffer source = bytes(3 << 20);
    int limit = source.limit();
    int n = write(link.near, source);
    assertTrue(n > 0 && source.position() == n && source.limit() == limit);
    ByteBuffer target = ByteBuffer.allocate(3 << 20);
    readiness(link.far).await(Readiness.READ, SECONDS_20);
    int m = read(link.far, target);
    assertTrue(m > 0 && target.position() == m && target.limit() == target.capacity());
    for (int i = 0; i < m; i++) {
      assertEquals(source.get(i), target.get(i));
    }
  }

  @Test
  void theWritePollerReportsRoomAndLetsGo() throws Exception {
    WritePoller poller = transport().openWritePoller();
    opened.add(poller::close);
    Link link = link();
    while (write(link.near, bytes(1 << 20)) > 0) {
      // until it jams
    }
    poller.watch(link.near, "owner");
    List<Object> ready = new ArrayList<>();
    poller.wake();
    poller.poll(SECONDS_20, ready::add);
    assertEquals(List.of(), ready, "a wake ends the poll; a jammed port is not ready");
    ByteBuffer target = ByteBuffer.allocate(1 << 20);
    while (ready.isEmpty()) {
      read(link.far, target.clear());
      poller.poll(1, ready::add);
    }
    assertEquals("owner", ready.getFirst());
    poller.unwatch(link.near);
    ready.clear();
    poller.poll(1, ready::add);
    assertEquals(List.of(), ready);
  }

  @Test
  void datagramsAreWholeOrNotThere() throws Exception {
    DatagramPort one = keep(transport().openDatagram());
    DatagramPort two = keep(transport().openDatagram());
    one.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    two.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    assertNull(two.receive(ByteBuffer.allocate(10)));
    assertTrue(one.send(bytes(5), two.localAddress()));
    readiness(two).await(Readiness.READ, SECONDS_20);
    ByteBuffer target = ByteBuffer.allocate(10);
    assertEquals(one.localAddress(), assertNotNullAddress(two.receive(target)));
    assertEquals(5, target.position());
  }

  @ParameterizedTest
  @EnumSource
  void anAwaitSleepsAgainAfterADatagramWasRefused(ThreadKind kind) throws Exception {
    DatagramPort port = keep(transport().openDatagram());
    DatagramPort gone = transport().openDatagram();
    gone.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    SocketAddress nobody = gone.localAddress();
    gone.close();
    port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    port.connect(assertNotNullAddress(nobody));
    Readiness reading = readiness(port);
    FutureTask<Boolean> receiver =
        new FutureTask<>(() -> {
          reading.await(Readiness.READ, MILLIS_5);
          assertTrue(port.send(bytes(1), nobody));
          reading.await(Readiness.READ, SECONDS_20);
          assertThrows(IOException.class, () -> receiveAtOnce(port, reading));
          boolean slept = false;
          for (int i = 0; i < 100 && !slept; i++) {
            long start = System.nanoTime();
            reading.await(Readiness.READ, MILLIS_5);
            slept = System.nanoTime() - start >= MILLIS_5;
            assertNull(port.receive(ByteBuffer.allocate(1)));
          }
          return slept;
        });
    kind.start(receiver);
    assertTrue(receiver.get(40, TimeUnit.SECONDS));
  }

  private static void receiveAtOnce(DatagramPort port, Readiness reading) throws IOException {
    while (port.receive(ByteBuffer.allocate(1)) == null) {
      reading.await(Readiness.READ, SECONDS_20);
    }
  }

  private static SocketAddress assertNotNullAddress(SocketAddress address) {
    assertNotNull(address);
    return address;
  }
}
