package dev.cleanbreak.cli.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** The words for the constants of the demo: {@code SHUTDOWN_NOW} is "shutdown-now" everywhere. */
final class Label {
  private Label() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The constant of {@code type} whose label is {@code text}; the message tells what there is. */
  static <E extends Enum<E>> E parse(Class<E> type, String text) {
    E[] all = type.getEnumConstants();
    for (E each : all) {
      if (of(each).equals(text)) {
        return each;
      }
    }
    String accepted = Arrays.stream(all).map(Label::of).collect(Collectors.joining(", "));
    throw new TypeConversionException("'" + text + "' is none of " + accepted);
  }
}
