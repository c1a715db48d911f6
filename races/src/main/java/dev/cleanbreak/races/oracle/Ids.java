package dev.cleanbreak.races.oracle;

import java.util.Locale;

/** The names of constants as options and reports spell them. */
final class Ids {
  private Ids() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
