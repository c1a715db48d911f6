package dev.cleanbreak.cli;

import dev.cleanbreak.cli.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code cleanbreak} command. */
@Command(
    name = "cleanbreak",
    description = "Blocking sockets whose calls can be cut cleanly.",
    subcommands = {DemoCommand.class, HelpCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  /** Made by {@link #main} and by the tests. */
  Main() {}

  /** Runs the command and exits with its code: 0, 1 for a bad result, 2 for bad usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See the list below.");
  }
}
