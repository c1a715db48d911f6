package dev.cleanbreak.report;

/** A constant with a name of its own in the JSON lines. */
interface Named {
  /** The name as it stands in a line, such as {@code future-cancel}. */
  String id();

  /**
   * The constant of {@code type} with that name, or {@code otherwise} for a name of a later day.
   */
  static <T extends Enum<T> & Named> T of(Class<T> type, String id, T otherwise) {
    for (T constant : type.getEnumConstants()) {
      if (constant.id().equals(id)) {
        return constant;
      }
    }
    return otherwise;
  }
}
