package dev.cleanbreak.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object. What is null is left out. */
final class Json {
  private final StringBuilder text = new StringBuilder(512);
  private boolean first = true;

  Json begin() {
    text.append('{');
    first = true;
    return this;
  }

  Json end() {
    text.append('}');
    first = false;
    return this;
  }

  Json name(String name) {
    comma();
    string(name);
    text.append(':');
    first = true;
    return this;
  }

  Json put(String name, @Nullable String value) {
    if (value != null) {
      name(name);
      string(value);
      first = false;
    }
    return this;
  }

  Json put(String name, long value) {
    name(name);
    text.append(value);
    first = false;
    return this;
  }

  Json put(String name, boolean value) {
    name(name);
    text.append(value);
    first = false;
    return this;
  }

  Json put(String name, List<String> values) {
    name(name);
    beginArray();
    for (String value : values) {
      comma();
      string(value);
    }
    return endArray();
  }

  Json beginArray() {
    text.append('[');
    first = true;
    return this;
  }

  Json endArray() {
    text.append(']');
    first = false;
    return this;
  }

  /** Between two values of an array, or two members of an object. */
  Json comma() {
    if (!first) {
      text.append(',');
    }
    first = false;
    return this;
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          // A lone half of a surrogate pair has no UTF-8; the others need none of this.
          if (c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029 || isLoneSurrogate(value, i)) {
            text.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
              text.append(Character.forDigit(c >> shift & 0xf, 16));
            }
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  private static boolean isLoneSurrogate(String value, int i) {
    char c = value.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
