package dev.cleanbreak.agent;

import org.jspecify.annotations.Nullable;

/**
 * One probe: a place in a method of the JDK, and what is called there.
 *
 * @param type the class, with dots
 * @param method its method
 * @param descriptor that method's descriptor, or the beginning of it
 * @param point where in the method
 * @param hook the method of the recorder
 * @param key the field that holds what the deed or the cut is known by; null for the object itself
 * @param local the field with the local address, null for none; {@code this} for the object itself
 * @param remote the field with the remote address, likewise
 * @param since the first version of Java that must have the method; older ones may
 * @param until the first one that has it no more
 */
record Probe(
    String type,
    String method,
    String descriptor,
    Point point,
    String hook,
    @Nullable String key,
    @Nullable String local,
    @Nullable String remote,
    int since,
    int until) {

  /** The name of the object itself among names of fields. */
  static final String THIS = "this";

  /** Where a probe stands. Nothing but the first is on the way of a call that does its work. */
  enum Point {
    /** At the entry; the hook gets the key. */
    ENTRY,
    /** At the entry; the hook gets the key and the first argument. */
    ENTRY_WITH_ARGUMENT,
    /**
     * Where an exception leaves the method; the hook gets the key, the exception, the addresses.
     */
    THROWN,
    /** Before the constant -1 is loaded; the hook gets the key and the addresses. */
    MINUS_ONE,
    /** After the field {@code readEOF} was set; the hook gets the key and the addresses. */
    READ_EOF,
    /** Before the method returns; the hook gets the key. */
    RETURN
  }

  boolean stands(String aMethod, String aDescriptor) {
    return method.equals(aMethod) && aDescriptor.startsWith(descriptor);
  }

  boolean isFor(int javaVersion) {
    return since <= javaVersion && javaVersion < until;
  }

  /** The descriptor of the hook. */
  String hookDescriptor() {
    return switch (point) {
      case ENTRY, RETURN -> "(Ljava/lang/Object;)V";
      case ENTRY_WITH_ARGUMENT -> "(Ljava/lang/Object;Ljava/lang/Object;)V";
      case THROWN ->
          "(Ljava/lang/Object;Ljava/lang/Throwable;Ljava/lang/Object;Ljava/lang/Object;)V";
      case MINUS_ONE, READ_EOF -> "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;)V";
    };
  }

  /** As in the coverage line. */
  String name() {
    return type + "#" + method;
  }
}
