/** The record of a cut call, and JSON lines of such records. */
@org.jspecify.annotations.NullMarked
module dev.cleanbreak.report {
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.core;
  requires static transitive jdk.jfr;

  exports dev.cleanbreak.report;
}
