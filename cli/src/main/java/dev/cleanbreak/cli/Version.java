package dev.cleanbreak.cli;

import picocli.CommandLine.IVersionProvider;

/** The version, as the jar's manifest has it. */
public final class Version implements IVersionProvider {
  /** Made by picocli. */
  Version() {}

  /** The number alone. */
  public static String ofThis() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not from a jar)" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"cleanbreak " + ofThis()};
  }
}
