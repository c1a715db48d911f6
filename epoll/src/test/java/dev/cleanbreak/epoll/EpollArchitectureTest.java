package dev.cleanbreak.epoll;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md for this module. */
class EpollArchitectureTest {
  private static final JavaClasses EPOLL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.cleanbreak.epoll");

  @Test
  void thereIsSomethingToCheck() {
    assertTrue(EPOLL.size() > 15, "classes analysed: " + EPOLL.size());
  }

  @Test
  void theTransportDependsOnCoresSpiAndTheJdkAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.cleanbreak.epoll", "dev.cleanbreak.spi", "java..", "org.jspecify..")
        .check(EPOLL);
  }

  @Test
  void oneClassMakesNativeCalls() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Libc")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Linker.class, SymbolLookup.class)
        .check(EPOLL);
  }

  @Test
  void nothingOfItIsApiButWhatIsFoundAtRunTime() {
    classes().that().arePublic().should().haveSimpleName("EpollTransport").check(EPOLL);
  }
}
