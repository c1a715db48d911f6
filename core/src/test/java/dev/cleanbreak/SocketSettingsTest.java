package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SocketSettingsTest {
  @Test
  void whatIsNotStandardIsShown() {
    SocketSettings standard = SocketSettings.standard();
    assertEquals("SocketSettings[standard]", standard.toString());
    assertEquals(
        "SocketSettings[readTimeout=PT0.3S, closeLimit=PT2S, interruptPolicy=IGNORE, carryAlways]",
        standard
            .withReadTimeout(Duration.ofMillis(300))
            .withWriteTimeout(Duration.ZERO)
            .withCloseLimit(Duration.ofSeconds(2))
            .withInterruptPolicy(InterruptPolicy.IGNORE)
            .withCarryAlways(true)
            .toString());
  }
}
