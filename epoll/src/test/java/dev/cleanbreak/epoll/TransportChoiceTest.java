package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which transport the sockets of a process get, and what it says of that. */
@Timeout(120)
final class TransportChoiceTest {
  private static final String LINE = "sockets do not use the transport epoll: ";
  private static final String DENY = "--illegal-native-access=deny";

  /** Where core and epoll are found, and how native access is enabled there. */
  enum Place {
    CLASS_PATH("ALL-UNNAMED"),
    MODULE_PATH("dev.cleanbreak.epoll");

    final String flag;

    Place(String who) {
      flag = "--enable-native-access=" + who;
    }

    ChildJvm.Result run(List<String> options, String... refused) throws Exception {
      ChildJvm.Result result =
          ChildJvm.run(
              this == CLASS_PATH
                  ? ChildJvm.onClassPath(options, Chooser.class, refused)
                  : ChildJvm.onModulePath(options, Chooser.class, refused));
      assertEquals(0, result.status(), result::toString);
      return result;
    }
  }

  private static void assertSilent(String transport, ChildJvm.Result result) {
    assertEquals(List.of("on " + transport, "on " + transport), result.out(), result::toString);
    assertEquals(List.of(), result.err());
  }

  /** One line of the log, of two lines, says why; nobody else says anything. */
  private static void assertPassedOver(String why, ChildJvm.Result result) {
    assertEquals(List.of("on nio", "on nio"), result.out(), result::toString);
    assertEquals(2, result.err().size(), result::toString);
    assertEquals(1, result.errorsWith("INFO: " + LINE), result::toString);
    assertEquals(1, result.errorsWith(why), result::toString);
    assertEquals(1, result.errorsWith("(-Ddev.cleanbreak.transport=nio leaves this line out)"));
  }

  @ParameterizedTest
  @EnumSource
  void withoutNativeAccessItIsNioAndOneLineNamesTheFlag(Place place) throws Exception {
    assertPassedOver(
        LINE + "native access is not enabled; start java with " + place.flag + " (",
        place.run(List.of()));
  }

  @ParameterizedTest
  @EnumSource
  void withNativeAccessItIsEpollAndNothingIsSaid(Place place) throws Exception {
    assertSilent("epoll", place.run(List.of(place.flag)));
    assertSilent("epoll", place.run(List.of(place.flag, DENY)));
  }

  @ParameterizedTest
  @EnumSource
  void whereNativeAccessIsDeniedItIsNio(Place place) throws Exception {
    assertPassedOver(place.flag, place.run(List.of(DENY)));
  }

  @ParameterizedTest
  @EnumSource
  void toAskForItWhereNativeAccessIsDeniedIsAnError(Place place) throws Exception {
    String error =
        "java.lang.IllegalArgumentException: the transport epoll cannot be used here: native access"
            + " is denied; start java with "
            + place.flag;
    ChildJvm.Result result = place.run(List.of(DENY, "-Ddev.cleanbreak.transport=epoll"));
    assertEquals(List.of(error, error), result.out());
    assertEquals(List.of(), result.err());
  }

  @ParameterizedTest
  @EnumSource
  void whoAsksForItGetsItWithTheWarningOfTheJdk(Place place) throws Exception {
    ChildJvm.Result result = place.run(List.of("-Ddev.cleanbreak.transport=epoll"));
    assertEquals(List.of("on epoll", "on epoll"), result.out(), result::toString);
    assertEquals(0, result.errorsWith("sockets do not use"), result::toString);
    assertTrue(
        result.err().stream().allMatch(line -> line.isEmpty() || line.startsWith("WARNING: ")),
        () -> "not of the JDK: " + result);
  }

  @Test
  void whoAsksForNioGetsItAndNothingIsSaid() throws Exception {
    assertSilent("nio", Place.CLASS_PATH.run(List.of("-Ddev.cleanbreak.transport=nio")));
    assertSilent(
        "nio",
        Place.CLASS_PATH.run(List.of("-Ddev.cleanbreak.transport=nio", Place.CLASS_PATH.flag)));
  }

  @Test
  void aNameThatIsNoneIsAnErrorEachTime() throws Exception {
    String error =
        "java.lang.IllegalArgumentException: no transport is called \"kqueue\"; there are epoll,"
            + " nio";
    ChildJvm.Result result =
        Place.CLASS_PATH.run(List.of("-Ddev.cleanbreak.transport=kqueue", Place.CLASS_PATH.flag));
    assertEquals(List.of(error, error), result.out());
    assertEquals(List.of(), result.err());
  }

  @ParameterizedTest
  @CsvSource({"os.name, Windows 11", "os.arch, riscv64"})
  void elsewhereItIsNioAndNothingNativeIsLoaded(String property, String value) throws Exception {
    List<String> options = new ArrayList<>(List.of(Place.CLASS_PATH.flag, "-Xlog:class+load"));
    options.add("-D" + property + "=" + value);
    ChildJvm.Result result = Place.CLASS_PATH.run(options);
    List<String> loaded = result.out().stream().filter(line -> line.startsWith("[")).toList();
    assertTrue(isIn(loaded, EpollTransport.class), "the transport was not even asked");
    assertTrue(!isIn(loaded, Libc.class), "the native calls are loaded");
    List<String> said = result.out().stream().filter(line -> !line.startsWith("[")).toList();
    assertPassedOver(value, new ChildJvm.Result(result.status(), said, result.err()));
  }

  private static boolean isIn(List<String> loaded, Class<?> type) {
    return loaded.stream().anyMatch(line -> line.contains(" " + type.getName() + " "));
  }

  /**
   * The JDK's own selectors need the first two as well: NIO looks again every 5 ms then. (They need
   * epoll_ctl, too, but do not look whether it fails; where that is refused, nothing waits.)
   */
  @ParameterizedTest
  @CsvSource({
    "epoll_create1, 291, ENOSYS",
    "eventfd2, 290, EPERM",
    "accept4, 288, EPERM",
    "ppoll, 271, ENOSYS"
  })
  void inASandboxThatRefusesOneOfItsCallsItIsNio(String call, int number, String how)
      throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "the numbers are of x86-64");
    int errno = how.equals("EPERM") ? Errno.EPERM : 38;
    ChildJvm.Result result =
        Place.CLASS_PATH.run(List.of(Place.CLASS_PATH.flag), number + "=" + errno);
    assertPassedOver(LINE + "its self-test failed: ", result);
    assertEquals(1, result.errorsWith(how + " (" + errno + ")"), () -> call + ": " + result);
  }
}
