/**
 * Blocking sockets whose calls can be cut short without breaking anything, and that say who cut
 * them.
 */
@org.jspecify.annotations.NullMarked
module dev.cleanbreak {
  requires static transitive org.jspecify;
  requires static jdk.jfr;

  exports dev.cleanbreak;
  exports dev.cleanbreak.spi;

  uses dev.cleanbreak.spi.Transport;
}
