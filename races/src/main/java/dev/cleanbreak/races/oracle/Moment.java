package dev.cleanbreak.races.oracle;

/** Where within a call the cut lands. */
enum Moment {
  /** It stands before the call begins. */
  ENTRY,
  /** Inside the system call that moves the last byte before the jam, or that finds the jam. */
  SYSCALL,
  /** The call has looked for cuts, found none, and is about to sleep. */
  BEFORE_SLEEP,
  /** The call sleeps; another thread cuts it. */
  ASLEEP,
  /** The port has become ready, the call has not tried again yet. */
  AFTER_READY;

  String id() {
    return Ids.of(this);
  }
}
