package dev.cleanbreak.agent;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a socket, as text. A {@code SocketImpl} hides its own but for its words, {@code
 * Socket[addr=host/1.2.3.4,port=80,localport=5000]}.
 */
record Ends(@Nullable String local, @Nullable String remote) {
  private static final Pattern WORDS =
      Pattern.compile("\\w+\\[addr=(.*),port=(\\d+),localport=(\\d+)]");

  static Ends of(@Nullable String local, @Nullable String remote) {
    if (remote != null) {
      Matcher words = WORDS.matcher(remote);
      if (words.matches()) {
        boolean connected = !words.group(2).equals("0");
        return new Ends(
            ":" + words.group(3), connected ? words.group(1) + ":" + words.group(2) : null);
      }
    }
    return new Ends(local, remote);
  }
}
