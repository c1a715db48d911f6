package dev.cleanbreak.report;

/** Where the coordinates of a jar, or its name and version, were read. */
public enum Told implements Named {
  POM_PROPERTIES("pom.properties"),
  MODULE("module"),
  MANIFEST("manifest"),
  FILE_NAME("file-name"),
  UNKNOWN("unknown");

  private final String id;

  Told(String id) {
    this.id = id;
  }

  @Override
  public String id() {
    return id;
  }
}
