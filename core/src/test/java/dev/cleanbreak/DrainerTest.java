package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cleanbreak.spi.Transport;
import java.io.IOException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that pays what sockets carry, when it is disturbed or lacks what it needs. */
@Timeout(60)
class DrainerTest {
  @Test
  void theDrainerGoesOnThroughAnInterrupt() throws Exception {
    try (Jam jam = new Jam(Jam.WIDE)) {
      jam.jamWithTail();
      Thread drainer =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("cleanbreak-drainer"))
              .findFirst()
              .orElseThrow();
      drainer.interrupt();
      jam.assertAllArrives();
      // Else a selector never lets it sleep again; epoll does not even wake it.
      Conditions.await("forgotten", () -> !drainer.isInterrupted() || !drainer.isAlive());
    }
  }

  @Test
  void theDrainerPaysWhereNoSelectorIsLeft() throws Exception {
    Transport blind =
        (Transport)
            Proxy.newProxyInstance(
                Transport.class.getClassLoader(),
                new Class<?>[] {Transport.class},
                (ignored, method, values) -> {
                  if (method.getName().equals("openWritePoller")) {
                    throw new IOException("Too many open files");
                  }
                  return method.invoke(NioTransport.INSTANCE, values);
                });
    try (Jam jam = new Jam(Jam.WIDE.withTransport(blind))) {
      jam.jamWithTail();
      jam.assertAllArrives();
      Conditions.await("paid", () -> jam.pair.socket().connection().output.owesNothing());
      jam.write(1);
      assertEquals(1, jam.pair.peerIn().readNBytes(1).length);
    }
  }
}
