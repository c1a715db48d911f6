package dev.cleanbreak.report;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md for this module. */
class ReportArchitectureTest {
  private static final JavaClasses REPORT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.cleanbreak.report");

  @Test
  void thereIsSomethingToCheck() {
    assertTrue(REPORT.size() > 15, "classes analysed: " + REPORT.size());
  }

  @Test
  void theRecordDependsOnTheJdkAndAParserAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.cleanbreak.report",
            "java..",
            "jdk.jfr..",
            "com.fasterxml.jackson.core..",
            "org.jspecify..")
        .check(REPORT);
  }

  /** The agent carries the writer and leaves the reader, with its parser, at home. */
  @Test
  void whatWritesNeedsTheJdkAlone() {
    classes()
        .that()
        .haveNameMatching(".*\\.(Json|JsonLinesWriter|.*Record|Act|Code|Victim|Verdict)")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.cleanbreak.report", "java..", "org.jspecify..")
        .check(REPORT);
  }
}
