/** The {@code cleanbreak} command. */
@org.jspecify.annotations.NullMarked
module dev.cleanbreak.cli {
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires dev.cleanbreak;
  requires info.picocli;

  opens dev.cleanbreak.cli to
      info.picocli;
  opens dev.cleanbreak.cli.demo to
      info.picocli;
}
