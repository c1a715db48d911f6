/** The {@code cleanbreak} command. */
@org.jspecify.annotations.NullMarked
module dev.cleanbreak.cli {
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires dev.cleanbreak;
  requires dev.cleanbreak.report;
  requires info.picocli;
  requires jdk.attach;
  requires jdk.jfr;
  requires org.jline.terminal;

  opens dev.cleanbreak.cli to
      info.picocli;
  opens dev.cleanbreak.cli.agent to
      info.picocli;
  opens dev.cleanbreak.cli.demo to
      info.picocli;
}
