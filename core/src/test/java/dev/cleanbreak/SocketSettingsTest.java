package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @Test
  void settingsCanBeWrittenDown() {
    assertEquals(
        SocketSettings.standard()
            .withConnectTimeout(Duration.ofMillis(500))
            .withAcceptTimeout(Duration.ofHours(1))
            .withReadTimeout(Duration.ofSeconds(5))
            .withWriteTimeout(Duration.ofMinutes(2))
            .withCloseLimit(Duration.ofMillis(1500))
            .withCarryTimeout(Duration.ofSeconds(9))
            .withCarryLimit(4096)
            .withCarryAlways(true)
            .withInterruptPolicy(InterruptPolicy.IGNORE)
            .withCutMapping(CutMapping.SOCKET)
            .toString(),
        SocketSettings.parse(
                "connectTimeout=500ms, acceptTimeout=1h,readTimeout=5s,writeTimeout=2m,"
                    + "closeLimit=PT1.5S,carryTimeout=9s,carryLimit=4096,carryAlways=true,"
                    + "interruptPolicy=ignore,cutMapping=Socket")
            .toString());
    assertEquals("SocketSettings[standard]", SocketSettings.parse(" ").toString());
    assertEquals(
        "SocketSettings[standard]",
        SocketSettings.parse("readTimeout=0s,carryAlways=FALSE").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "readTimeout | not a setting: \"readTimeout\"; give key=value pairs",
        "readTimeout=5s, | not a setting: \"\"; give key=value pairs",
        "readTimeOut=5s | no setting is called \"readTimeOut\"; there are connectTimeout, accept",
        "readTimeout=5s,readTimeout=6s | readTimeout is set twice in",
        "readTimeout=5 | readTimeout cannot be \"5\"; give a duration, such as 500ms, 5s,",
        "readTimeout= | readTimeout cannot be \"\"; give a duration",
        "readTimeout=-5s | readTimeout cannot be \"-5s\"; give a duration",
        "readTimeout=PT-5S | read timeout < 0: PT-5S",
        "readTimeout=9999999999999999h | readTimeout cannot be",
        "readTimeout=999999999999999h | read timeout too long",
        "closeLimit=0s | close limit is zero",
        "carryLimit=1M | carryLimit cannot be \"1M\"; give a number of bytes",
        "carryLimit=-1 | carry limit < 0",
        "carryAlways=yes | carryAlways cannot be \"yes\"; give true or false",
        "interruptPolicy=x | interruptPolicy cannot be \"x\"; give one of keep, close, ignore",
        "cutMapping= | cutMapping cannot be \"\"; give one of standard, timeout, socket",
      })
  void whatCannotBeReadIsSaidWithWhatCan(String text, String message) {
    IllegalArgumentException said =
        assertThrows(IllegalArgumentException.class, () -> SocketSettings.parse(text));
    assertTrue(said.getMessage().startsWith(message), said::getMessage);
  }

  @Test
  void aFactoryTakesThemAsOneString() throws Exception {
    try (CleanSocket socket = new CleanSocketFactory("readTimeout=300ms").createSocket()) {
      assertEquals(300, socket.getSoTimeout());
    }
    // What pgjdbc gives where no argument was configured.
    try (CleanSocket socket = new CleanSocketFactory((String) null).createSocket()) {
      assertEquals(0, socket.getSoTimeout());
    }
  }
}
