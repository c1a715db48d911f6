package dev.cleanbreak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP reply (RFC 9112): the status line and the header lines, without what follows.
 *
 * @param statusLine the first line as it came
 * @param status the status code
 * @param headerLines the lines behind it, folded ones joined
 */
record HttpReplyHead(String statusLine, int status, List<String> headerLines) {
  private static final String START = "HTTP/";
  private static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_QUOTED = 200;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/\\d\\.\\d +(\\d{3})(?: .*)?");

  /**
   * Reads the head of the final reply, past informational ones, and not one byte more. That takes
   * one system call a byte; what follows may be the destination's, and nobody could take it back.
   *
   * @throws SocketException if this is no HTTP reply, or an endless one
   */
  static HttpReplyHead read(Dial dial) throws IOException {
    int budget = MAX_BYTES;
    for (; ; ) {
      String head = readOne(dial, budget);
      budget -= head.length();
      HttpReplyHead parsed = parse(head);
      if (parsed.status >= 200) {
        return parsed;
      }
    }
  }

  private static String readOne(Dial dial, int budget) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.writeBytes(dial.receive(START.length(), "the HTTP reply"));
    if (!head.toString(StandardCharsets.ISO_8859_1).equals(START)) {
      throw malformed("does not start with " + START, head.toString(StandardCharsets.ISO_8859_1));
    }
    // A line break behind a line break, each with or without a carriage return before it.
    for (boolean lineIsEmpty = false; ; ) {
      int next = dial.receive(1, "the next byte of the HTTP reply")[0];
      head.write(next);
      if (next == '\n') {
        if (lineIsEmpty) {
          return head.toString(StandardCharsets.ISO_8859_1);
        }
        lineIsEmpty = true;
      } else if (next != '\r') {
        lineIsEmpty = false;
      }
      if (head.size() >= budget) {
        throw malformed(
            "has a head of more than " + MAX_BYTES + " bytes",
            head.toString(StandardCharsets.ISO_8859_1));
      }
    }
  }

  private static HttpReplyHead parse(String head) throws SocketException {
    List<String> lines = new ArrayList<>();
    for (String line : head.lines().toList()) {
      if (lines.size() > 1 && (line.startsWith(" ") || line.startsWith("\t"))) {
        lines.add(lines.removeLast() + line);
      } else {
        lines.add(line);
      }
    }
    String statusLine = lines.removeFirst();
    Matcher matcher = STATUS_LINE.matcher(statusLine);
    if (!matcher.matches()) {
      throw malformed("has no status", statusLine);
    }
    return new HttpReplyHead(statusLine, Integer.parseInt(matcher.group(1)), List.copyOf(lines));
  }

  private static SocketException malformed(String how, String received) {
    return new SocketException(
        "Malformed reply from proxy: it " + how + ": \"" + quoted(received) + '"');
  }

  /** Text of the proxy's as it can stand in a message. */
  static String quoted(String received) {
    String printable = received.replaceAll("[^ -~]", "?");
    return printable.length() <= MAX_QUOTED
        ? printable
        : printable.substring(0, MAX_QUOTED) + "...";
  }

  /** The values of all headers of this name, in their order. */
  List<String> values(String name) {
    List<String> values = new ArrayList<>();
    for (String line : headerLines) {
      String value = valueIn(line, name);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private static @Nullable String valueIn(String line, String name) {
    int colon = line.indexOf(':');
    return colon >= 0 && line.substring(0, colon).strip().equalsIgnoreCase(name)
        ? line.substring(colon + 1).strip()
        : null;
  }
}
