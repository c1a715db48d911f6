package dev.cleanbreak.races;

import dev.cleanbreak.SocketSettings;
import org.jspecify.annotations.NullMarked;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --transport}, for all sockets of the process: it is taken before the first is made. */
@NullMarked
final class TransportOption {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Made by picocli. */
  TransportOption() {}

  @Option(
      names = "--transport",
      paramLabel = "NAME",
      description =
          "Put the sockets on this transport: nio or epoll. Default: what an application would have"
              + " here.")
  void choose(String name) {
    try {
      SocketSettings.standard().withTransport(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "--transport " + name + ": " + e.getMessage(), e);
    }
    System.setProperty("dev.cleanbreak.transport", name);
  }

  /** The name of the one that sockets without settings of their own have. */
  static String used() {
    return SocketSettings.standard().transport().name();
  }
}
