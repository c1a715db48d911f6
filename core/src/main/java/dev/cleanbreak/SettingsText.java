package dev.cleanbreak;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Settings written down as {@code key=value,...}; see {@link SocketSettings#parse}. */
final class SettingsText {
  private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h)");

  /** The settings that can be written down. */
  private enum Key {
    CONNECT_TIMEOUT("connectTimeout") {
      @Override
      SocketSettings apply(SocketSettings to, String value) {
        return to.withConnectTimeout(duration(this, value));
      }
    },
    ACCEPT_TIMEOUT("acceptTimeout") {
      @Override
      SocketSettings apply(SocketSettings to, String value) {
        return to.withAcceptTimeout(duration(this, value));
      }
    },
    READ_TIMEOUT("readTimeout") {
      @Override
      SocketSettings apply(SocketSettings to, String value) {
        return to.withReadTimeout(duration(this, value));
      }
    },
    WRITE_TIMEOUT("writeTimeout") {
      @Override
      SocketSettings apply(SocketSettings to, String value) {
        return to.withWriteTimeout(duration(this, value));
      }
    },
    CLOSE_LIMIT("closeLimit") {
      @Override
      SocketSettings apply(SocketSettings to, String value) {
        return to.withCloseLimit(duration(this, value));
      }
    },
    CARRY_TIMEOUT("carryTimeout") {
      @Override
      SocketSettings apply(SocketSettings to, String value) {
        return to.withCarryTimeout(duration(this, value));
      }
    },
    CARRY_LIMIT("carryLimit") {
      @Override
      SocketSettings apply(SocketSettings to, String value) {
        return to.withCarryLimit(bytes(this, value));
      }
    },
    CARRY_ALWAYS("carryAlways") {
      @Override
      SocketSettings apply(SocketSettings to, String value) {
        return to.withCarryAlways(truth(this, value));
      }
    },
    INTERRUPT_POLICY("interruptPolicy") {
      @Override
      SocketSettings apply(SocketSettings to, String value) {
        return to.withInterruptPolicy(constant(InterruptPolicy.class, this, value));
      }
    },
    CUT_MAPPING("cutMapping") {
      @Override
      SocketSettings apply(SocketSettings to, String value) {
        return to.withCutMapping(constant(CutMapping.class, this, value));
      }
    },
    TRANSPORT("transport") {
      @Override
      SocketSettings apply(SocketSettings to, String value) {
        return to.withTransport(value);
      }
    };

    private final String text;

    Key(String text) {
      this.text = text;
    }

    abstract SocketSettings apply(SocketSettings to, String value);

    static Key of(String text) {
      for (Key each : values()) {
        if (each.text.equals(text)) {
          return each;
        }
      }
      throw new IllegalArgumentException(
          "no setting is called \""
              + text
              + "\"; there are "
              + Arrays.stream(values()).map(each -> each.text).collect(Collectors.joining(", ")));
    }
  }

  private SettingsText() {}

  static SocketSettings parse(String text) {
    SocketSettings settings = SocketSettings.standard();
    if (text.isBlank()) {
      return settings;
    }
    Set<Key> seen = new HashSet<>();
    for (String each : text.split(",", -1)) {
      String pair = each.strip();
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "not a setting: \""
                + pair
                + "\"; give key=value pairs with commas between, such as"
                + " readTimeout=5s,interruptPolicy=ignore");
      }
      Key key = Key.of(pair.substring(0, equals).strip());
      if (!seen.add(key)) {
        throw new IllegalArgumentException(key.text + " is set twice in \"" + text + "\"");
      }
      settings = key.apply(settings, pair.substring(equals + 1).strip());
    }
    return settings;
  }

  private static Duration duration(Key key, String value) {
    Matcher given = SHORT_DURATION.matcher(value);
    try {
      if (!given.matches()) {
        return Duration.parse(value);
      }
      long amount = Long.parseLong(given.group(1));
      return switch (given.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        default -> Duration.ofHours(amount);
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw unusable(key, value, "a duration, such as 500ms, 5s, 2m, 1h or PT0.5S", e);
    }
  }

  private static int bytes(Key key, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw unusable(key, value, "a number of bytes, such as 131072", e);
    }
  }

  private static boolean truth(Key key, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw unusable(key, value, "true or false", null);
    };
  }

  private static <E extends Enum<E>> E constant(Class<E> type, Key key, String value) {
    for (E each : type.getEnumConstants()) {
      if (each.name().equalsIgnoreCase(value)) {
        return each;
      }
    }
    String accepted =
        Arrays.stream(type.getEnumConstants())
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    throw unusable(key, value, "one of " + accepted, null);
  }

  private static IllegalArgumentException unusable(
      Key key, String value, String accepted, @Nullable Exception cause) {
    return new IllegalArgumentException(
        key.text + " cannot be \"" + value + "\"; give " + accepted, cause);
  }
}
