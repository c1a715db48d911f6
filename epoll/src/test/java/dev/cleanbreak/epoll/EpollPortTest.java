package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.spi.Readiness;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a port remembers of the changes that the kernel tells once. */
@Timeout(60)
class EpollPortTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int MANY = 100;

  /** What the peer has not acknowledged yet (tcp(7)). */
  private static final int SIOCOUTQ = 0x5411;

  private static <T> T virtually(Callable<T> body) throws Exception {
    return start(body).get();
  }

  private static <T> FutureTask<T> start(Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread.ofVirtual().start(task);
    return task;
  }

  /** How long the wait took, in a virtual thread. */
  private static long await(EpollPort port, int interest, long nanos) throws Exception {
    return virtually(() -> {
      Readiness place = port.newReadiness();
      long began = System.nanoTime();
      place.await(interest, nanos);
      place.close();
      return System.nanoTime() - began;
    });
  }

  private static void assertAtOnce(long nanos) {
    assertTrue(nanos < 10 * SECOND, "waited " + nanos + " ns for what was there");
  }

  private static void write(EpollStream port, String text) throws IOException {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    assertEquals(bytes.length, port.write(bytes, 0, bytes.length));
  }

  @Test
  void platformThreadsInOneDirectionLeaveAVirtualThreadInTheOtherItsPoller() throws Exception {
    try (Link link = Link.open()) {
      FutureTask<Long> reading =
          start(() -> {
            Readiness place = link.near().newReadiness();
            long began = System.nanoTime();
            while (link.near().read(new byte[1], 0, 1) == 0) {
              place.await(Readiness.READ, 20 * SECOND);
            }
            return System.nanoTime() - began;
          });
      // Registered: the poller has told of the present state.
      until(() -> link.near().isReady(Readiness.WRITE));
      Readiness writing = link.near().newReadiness();
      for (int i = 0; i < MANY; i++) {
        writing.await(Readiness.WRITE, SECOND);
      }
      write(link.far(), "x");
      assertAtOnce(reading.get());
    }
  }

  @Test
  void aWaitThatNoTryFollowsDoesNotSpendWhatWasTold() throws Exception {
    try (Link link = Link.open()) {
      write(link.far(), "x");
      assertAtOnce(await(link.near(), Readiness.READ, 20 * SECOND));
      assertAtOnce(await(link.near(), Readiness.READ, 20 * SECOND));
    }
  }

  /** A read stops at the mark of urgent data though there is more. */
  @Test
  void bytesBehindUrgentDataAreNotForgotten() throws Exception {
    try (Link link = Link.open()) {
      write(link.far(), "abc");
      assertTrue(link.far().sendUrgent('u'));
      write(link.far(), "def");
      // All is there before the poller is told of the port.
      until(() -> Libc.ioctl(link.far().fd, SIOCOUTQ) == 0);
      assertAtOnce(await(link.near(), Readiness.READ, 20 * SECOND));
      byte[] target = new byte[20];
      assertEquals(3, link.near().read(target, 0, 20));
      assertAtOnce(await(link.near(), Readiness.READ, 20 * SECOND));
      assertEquals(3, link.near().read(target, 0, 20));
    }
  }

  /** An error of a datagram socket is told and over; it must not keep the next waits awake. */
  @Test
  void aReceiverSleepsAgainAfterAnError() throws Exception {
    InetSocketAddress nobody;
    try (DatagramSocket gone = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      nobody = (InetSocketAddress) gone.getLocalSocketAddress();
    }
    EpollDatagram port = (EpollDatagram) new EpollTransport().openDatagram();
    try {
      port.connect(nobody);
      await(port, Readiness.WRITE, SECOND);
      assertTrue(port.send(ByteBuffer.allocate(1), nobody));
      assertAtOnce(await(port, Readiness.READ, 20 * SECOND));
      assertThrows(PortUnreachableException.class, () -> port.receive(ByteBuffer.allocate(1)));
      int waits =
          virtually(() -> {
            Readiness place = port.newReadiness();
            long until = System.nanoTime() + SECOND / 2;
            int count = 0;
            for (long left; (left = until - System.nanoTime()) > 0; count++) {
              port.receive(ByteBuffer.allocate(1));
              place.await(Readiness.READ, left);
            }
            return count;
          });
      assertTrue(waits < MANY, waits + " waits in half a second");
    } finally {
      port.close();
    }
  }

  /** An event that was fetched before a close, and comes after the next port has the number. */
  @Test
  void anEventOfAnEarlierPortDoesNotReachTheNext() throws Exception {
    EpollListener listener = Link.listener();
    Link first = Link.to(listener);
    await(first.near(), Readiness.WRITE, SECOND);
    long data = (long) first.near().registration << 32 | first.near().fd;
    first.close();
    try (Link next = Link.to(listener)) {
      EpollStream port = next.near().fd == first.near().fd ? next.near() : next.far();
      assertEquals(first.near().fd, port.fd);
      await(port, Readiness.WRITE, SECOND);
      Poller.tell(data, Abi.EPOLLRDHUP);
      assertFalse(port.isReady(Readiness.READ));
      Poller.tell((long) port.registration << 32 | port.fd, Abi.EPOLLRDHUP);
      assertTrue(port.isReady(Readiness.READ));
    } finally {
      listener.close();
    }
  }

  @Test
  void aSecondCloseLeavesTheNextOwnerOfTheNumberAlone() throws Exception {
    EpollListener listener = Link.listener();
    Link first = Link.to(listener);
    first.close();
    try (Link next = Link.to(listener)) {
      assertTrue(next.near().fd == first.near().fd || next.far().fd == first.near().fd);
      first.near().close();
      first.far().close();
      write(next.near(), "x");
      write(next.far(), "x");
    } finally {
      listener.close();
    }
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void until(Condition condition) throws IOException {
    long end = System.nanoTime() + 20 * SECOND;
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < end, "waited in vain");
      LockSupport.parkNanos(100_000);
    }
  }
}
