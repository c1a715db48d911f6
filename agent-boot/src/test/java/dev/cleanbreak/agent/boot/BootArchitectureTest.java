package dev.cleanbreak.agent.boot;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md for this module. */
class BootArchitectureTest {
  private static final JavaClasses BOOT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.cleanbreak.agent.boot");

  @Test
  void thereIsSomethingToCheck() {
    assertTrue(BOOT.size() > 7, "classes analysed: " + BOOT.size());
  }

  /** The boot loader finds nothing else, and what it would find, a probe must not load. */
  @Test
  void itUsesJavaBaseAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("dev.cleanbreak.agent.boot")
                .or(JavaClass.Predicates.resideInAPackage("org.jspecify.."))
                .or(IN_JAVA_BASE))
        .check(BOOT);
  }

  private static final DescribedPredicate<JavaClass> IN_JAVA_BASE =
      DescribedPredicate.describe(
          "are in java.base",
          type ->
              type.isPrimitive()
                  || type.isArray()
                  || Object.class.getModule().getPackages().contains(type.getPackageName()));
}
