package dev.cleanbreak.agent;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Finds JDKs where .mvn/find-jdk.sh does. */
final class Jdk {
  private static final List<String> FOLDERS =
      List.of(
          "/usr/lib/jvm",
          "/Library/Java/JavaVirtualMachines",
          System.getProperty("user.home") + "/.sdkman/candidates/java",
          System.getProperty("user.home") + "/.jdks");

  private Jdk() {}

  /** The {@code java} of that version; the one that runs this, if that is it. */
  static Path java(int version) throws IOException {
    Path own = Path.of(System.getProperty("java.home"));
    if (Runtime.version().feature() == version) {
      return own.resolve("bin/java");
    }
    for (Path home : homes()) {
      if (versionOf(home) == version) {
        return home.resolve("bin/java");
      }
    }
    throw new AssertionError(
        "These tests need a JDK "
            + version
            + " too, and there is none in "
            + String.join(", ", FOLDERS)
            + " or JAVA_HOME_"
            + version
            + ". Get one from https://adoptium.net, or with \"sdk install java "
            + version
            + "-tem\".");
  }

  private static List<Path> homes() throws IOException {
    List<Path> homes = new ArrayList<>();
    System.getenv()
        .forEach((name, value) -> {
          if (name.startsWith("JAVA_HOME")) {
            homes.add(Path.of(value));
          }
        });
    for (String folder : FOLDERS) {
      if (Files.isDirectory(Path.of(folder))) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(folder))) {
          for (Path entry : entries) {
            homes.add(entry);
            homes.add(entry.resolve("Contents/Home"));
          }
        }
      }
    }
    return homes;
  }

  private static int versionOf(Path home) throws IOException {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin/javac")) || !Files.isReadable(release)) {
      return 0;
    }
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(release)) {
      properties.load(in);
    }
    String version = properties.getProperty("JAVA_VERSION", "0").strip().replace("\"", "");
    return Runtime.Version.parse(version).feature();
  }
}
