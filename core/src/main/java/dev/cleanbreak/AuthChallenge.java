package dev.cleanbreak;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One way to log in that an HTTP proxy offers (RFC 9110, section 11.6.1).
 *
 * @param scheme the name of the scheme, in lower case
 * @param parameters by name in lower case
 */
record AuthChallenge(String scheme, Map<String, String> parameters) {
  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** The challenges of one header; what is not well-formed is passed over. */
  static List<AuthChallenge> parse(String header) {
    return new Parser(header).challenges();
  }

  /**
   * Several challenges stand in one header, parted by the same commas as their parameters: a word
   * followed by an equals sign is a parameter of the last scheme, another one is the next scheme.
   */
  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    List<AuthChallenge> challenges() {
      List<AuthChallenge> found = new ArrayList<>();
      while (at < text.length()) {
        String word = word();
        if (word.isEmpty()) {
          // A comma, a space, or a stray character.
          at++;
          continue;
        }
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '=') {
          at++;
          skipBlanks();
          String value = value();
          if (!found.isEmpty()) {
            found.getLast().parameters.putIfAbsent(word.toLowerCase(Locale.ROOT), value);
          }
        } else {
          found.add(new AuthChallenge(word.toLowerCase(Locale.ROOT), new HashMap<>()));
        }
      }
      return found;
    }

    private String word() {
      int start = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private void skipBlanks() {
      while (at < text.length() && " \t".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private String value() {
      if (at >= text.length() || text.charAt(at) != '"') {
        return word();
      }
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at));
      }
      at++;
      return value.toString();
    }
  }
}
