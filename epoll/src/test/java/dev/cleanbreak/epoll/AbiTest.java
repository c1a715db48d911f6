package dev.cleanbreak.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers and layouts that the transport uses, compared with the C library's own headers. */
final class AbiTest {
  private static final String HEADERS =
      """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <netinet/in.h>
      #include <netinet/tcp.h>
      #include <poll.h>
      #include <stddef.h>
      #include <sys/epoll.h>
      #include <sys/eventfd.h>
      #include <sys/ioctl.h>
      #include <sys/socket.h>
      #include <time.h>
      #define LAYOUT(type, size) _Static_assert(sizeof(type) == size, #type)
      #define PLACE(type, field, offset) \\
        _Static_assert(offsetof(type, field) == offset, #type "." #field)
      #define NUMBER(name, value) _Static_assert((int) (name) == value, #name)
      LAYOUT(struct sockaddr_in, 16);
      PLACE(struct sockaddr_in, sin_port, 2);
      PLACE(struct sockaddr_in, sin_addr, 4);
      LAYOUT(struct sockaddr_in6, 28);
      PLACE(struct sockaddr_in6, sin6_port, 2);
      PLACE(struct sockaddr_in6, sin6_addr, 8);
      PLACE(struct sockaddr_in6, sin6_scope_id, 24);
      LAYOUT(struct pollfd, 8);
      PLACE(struct pollfd, events, 4);
      PLACE(struct pollfd, revents, 6);
      LAYOUT(struct timespec, 16);
      LAYOUT(struct linger, 8);
      LAYOUT(struct ipv6_mreq, 20);
      PLACE(struct ipv6_mreq, ipv6mr_interface, 16);
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"cc, 0, 0", "x86_64-linux-gnu-gcc, 12, 4", "aarch64-linux-gnu-gcc, 16, 8"})
  void theNumbersAreThoseOfTheHeaders(String compiler, int eventSize, int eventData)
      throws Exception {
    assumeTrue(isHere(compiler), compiler + " is not installed");
    StringBuilder text = new StringBuilder(HEADERS);
    text.append(layout("epoll_event", eventSize == 0 ? Abi.EPOLL_EVENT_SIZE : eventSize));
    text.append(place("epoll_event", "data", eventData == 0 ? Abi.EPOLL_EVENT_DATA : eventData));
    text.append(layout("ip_mreqn", Abi.MREQN_SIZE));
    text.append(place("ip_mreqn", "imr_address", Abi.MREQN_ADDRESS));
    text.append(place("ip_mreqn", "imr_ifindex", Abi.MREQN_INDEX));
    int numbers = addNumbers(text, Abi.class) + addNumbers(text, Errno.class);
    assertTrue(numbers > 80, numbers + " numbers");
    assertEquals("", errors(compiler, text.toString()));
  }

  /** Else a compiler that took everything would make this pass. */
  @Test
  void aWrongNumberIsSeen() throws Exception {
    assumeTrue(isHere("cc"), "cc is not installed");
    assertTrue(errors("cc", HEADERS + "NUMBER(EPOLLIN, 2);\n").contains("EPOLLIN"));
  }

  private static String layout(String type, long size) {
    return "LAYOUT(struct " + type + ", " + size + ");\n";
  }

  private static String place(String type, String field, long offset) {
    return "PLACE(struct " + type + ", " + field + ", " + offset + ");\n";
  }

  /** Those that have the name of a macro; how many they are. */
  private static int addNumbers(StringBuilder text, Class<?> type) throws IllegalAccessException {
    int count = 0;
    for (Field each : type.getDeclaredFields()) {
      Class<?> kind = each.getType();
      if ((kind == int.class || kind == short.class) && !each.getName().startsWith("MREQN")) {
        each.setAccessible(true);
        text.append("NUMBER(" + each.getName() + ", " + each.get(null) + ");\n");
        count++;
      }
    }
    return count;
  }

  private String errors(String compiler, String text) throws IOException, InterruptedException {
    Path source = Files.writeString(folder.resolve("abi.c"), text);
    Process check =
        new ProcessBuilder(compiler, "-std=c11", "-fsyntax-only", source.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(said.isEmpty(), check.waitFor() == 0);
    return said;
  }

  private static boolean isHere(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }
}
