package dev.cleanbreak.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md for this module. */
class AgentArchitectureTest {
  private static final JavaClasses AGENT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("/boot/"))
          .importPackages("dev.cleanbreak.agent");

  @Test
  void thereIsSomethingToCheck() {
    assertTrue(AGENT.size() > 20, "classes analysed: " + AGENT.size());
  }

  @Test
  void itDependsOnItsBootPartTheReportAndAsmAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.cleanbreak.agent",
            "dev.cleanbreak.agent.boot",
            "dev.cleanbreak.report",
            "org.objectweb.asm",
            "java..",
            "org.jspecify..")
        .check(AGENT);
  }

  /** It is loaded by the program's own class loader, before the rest can be seen. */
  @Test
  void whereTheJvmEntersUsesTheJdkAlone() {
    classes()
        .that()
        .haveSimpleNameStartingWith("AgentMain")
        .or()
        .haveSimpleName("AgentLoader")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", "dev.cleanbreak.agent")
        .check(AGENT);
    noClasses()
        .that()
        .haveSimpleNameStartingWith("AgentMain")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("Agent")
        .check(AGENT);
  }

  @Test
  void whatNeedsAsmIsOneWeaverAndTheReaderOfTryBlocks() {
    noClasses()
        .that()
        .haveNameNotMatching(".*(AsmWeaver|TryBlocks).*")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.objectweb.asm")
        .check(AGENT);
  }
}
