package dev.cleanbreak.cli;

import dev.cleanbreak.cli.agent.ReportCommand;
import dev.cleanbreak.cli.agent.RunCommand;
import dev.cleanbreak.cli.agent.WatchCommand;
import dev.cleanbreak.cli.demo.DemoCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code cleanbreak} command. */
@Command(
    name = "cleanbreak",
    description = {
      "Blocking sockets whose calls can be cut cleanly, and an agent that names who cut a call."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  cleanbreak demo                       a jammed printer, on the JDK's sockets and on ours",
      "  cleanbreak run -- java -jar app.jar   names who cuts the calls of a program",
      "  cleanbreak watch                      the same for one that runs already",
      "  cleanbreak run --help                 what it can do"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all is well", "1:a bad result; it is named", "2:bad usage"},
    subcommands = {
      RunCommand.class,
      WatchCommand.class,
      ReportCommand.class,
      DemoCommand.class,
      HelpCommand.class
    },
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
    return new CommandLine(new Main())
        .setParameterExceptionHandler((wrong, args) -> badUsage(wrong));
  }

  /** Says what was given and what is accepted. */
  private static int badUsage(ParameterException wrong) {
    CommandLine line = wrong.getCommandLine();
    PrintWriter err = line.getErr();
    if (wrong instanceof UnmatchedArgumentException unmatched && line.getParent() == null) {
      err.println(
          "There is no command '"
              + unmatched.getUnmatched().getFirst()
              + "'. There are: "
              + String.join(", ", line.getSubcommands().keySet())
              + ".");
    } else {
      err.println(wrong.getMessage());
    }
    line.usage(err);
    return ExitCode.USAGE;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See the list below.");
  }
}
