package dev.cleanbreak.cli.agent;

import dev.cleanbreak.cli.Main;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Optional;

/** Where the agent is, and what it is told. */
public final class AgentJar {
  private static final String ENTRY = "dev/cleanbreak/agent/AgentMain.class";

  private AgentJar() {}

  /** The jar, which stands beside this command's; empty if it does not. */
  public static Optional<Path> find() {
    URL entry = Main.class.getClassLoader().getResource(ENTRY);
    if (entry == null || !entry.getProtocol().equals("jar")) {
      return Optional.empty();
    }
    String jar = entry.getPath().substring(0, entry.getPath().indexOf("!/"));
    return Optional.of(Path.of(URI.create(jar)));
  }

  /**
   * The jar.
   *
   * @throws Refused if it is not there
   */
  static Path path() throws Refused {
    return find()
        .orElseThrow(() ->
            new Refused(
                "the agent's jar, cleanbreak-agent.jar, is not beside this command's; install both again"));
  }

  /**
   * The option that names the recording.
   *
   * @throws Refused if no option can name that file
   */
  static String out(Path file) throws Refused {
    if (file.toString().contains(",")) {
      throw new Refused(
          "the recording cannot be %s, because commas stand between the agent's options; choose a name without"
              .formatted(file));
    }
    return "out=" + file.toAbsolutePath();
  }
}
