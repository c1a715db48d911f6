package dev.cleanbreak;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md that a machine can check. */
class ArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.cleanbreak");

  @Test
  void thereIsSomethingToCheck() {
    assertTrue(CORE.size() > 40, "classes analysed: " + CORE.size());
  }

  @Test
  void coreDependsOnTheJdkAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.cleanbreak",
            "dev.cleanbreak.spi",
            "java..",
            "javax.net..",
            "jdk.jfr",
            "org.jspecify..")
        .check(CORE);
  }

  @Test
  void coreRunsWithoutFlightRecorder() {
    noClasses()
        .that()
        .doNotHaveSimpleName("CutEvent")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.jfr")
        .check(CORE);
  }

  @Test
  void coreIsPortable() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.lang.foreign..", "sun..", "jdk.internal..", "com.sun..")
        .check(CORE);
  }

  @Test
  void onlyTheNioTransportTouchesChannels() {
    noClasses()
        .that()
        .haveSimpleNameNotStartingWith("Nio")
        .and()
        .doNotHaveSimpleName("CleanSocket")
        .and()
        .doNotHaveSimpleName("CleanServerSocket")
        .and()
        .doNotHaveSimpleName("CleanDatagramSocket")
        .and()
        .haveSimpleNameNotEndingWith("SslSocket")
        .and()
        .haveSimpleNameNotEndingWith("SslServerSocket")
        .and()
        .doNotHaveSimpleName("InterruptWitness")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.nio.channels..")
        .because(
            "the sockets name channel types only to say that getChannel() is null, and the witness"
                + " is a selector in name only")
        .check(CORE);
  }

  @Test
  void theSpiKnowsNothingOfTheSockets() {
    noClasses()
        .that()
        .resideInAPackage("dev.cleanbreak.spi")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.cleanbreak")
        .check(CORE);
  }

  @Test
  void publicClassesCannotBeExtended() {
    classes()
        .that()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(CORE);
  }

  @Test
  void timeIsMeasuredOnAClockThatNeverJumps() {
    noClasses().should().callMethod(System.class, "currentTimeMillis").check(CORE);
    noClasses()
        .that(
            describe(
                "are not the clock", (JavaClass type) -> !type.getSimpleName().equals("Ticks")))
        .should()
        .callMethod(System.class, "nanoTime")
        .check(CORE);
  }

  @Test
  void nobodyPrintsAndNobodySleeps() {
    noClasses().should().accessField(System.class, "out").check(CORE);
    noClasses().should().accessField(System.class, "err").check(CORE);
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CORE);
  }
}
