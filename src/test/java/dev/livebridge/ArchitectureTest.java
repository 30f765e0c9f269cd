package dev.livebridge;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.livebridge.message.ClientMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Checks the code against the package table of {@code docs/architecture.md} and the rules of CONTRIBUTING.md. */
class ArchitectureTest {

    private static final String ROOT = "dev.livebridge.";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z.]+)` \\|[^|]*\\|([^|]*)\\|$");
    private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");

    private static JavaClasses code;
    private static Map<String, Set<String>> table;

    @BeforeAll
    static void readTheCodeAndTheTable() throws IOException {
        code = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.livebridge");
        String page = Files.readString(Path.of("docs/architecture.md"));
        int begin = page.indexOf("\n## Packages\n");
        table = ROW.matcher(page.substring(begin, page.indexOf("\n## ", begin + 1)))
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1), row -> names(row.group(2)), (first, _) -> first, TreeMap::new));
    }

    private static Set<String> names(String cell) {
        return NAME.matcher(cell).results().map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void readsClassFilesOfThisRelease() {
        assertTrue(code.contain(ClientMessage.class));
        assertTrue(
                code.get(ClientMessage.Setup.class).isRecord(),
                "ArchUnit must understand the class files, or every rule holds of nothing");
    }

    @Test
    void everyPackageHasItsRowAndEveryRowItsPackage() {
        Set<String> packages = code.stream()
                .map(type -> type.getPackageName().substring(ROOT.length()))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(packages, table.keySet());
    }

    @TestFactory
    Stream<DynamicTest> packagesUseOnlyWhatTheirRowNames() {
        return table.entrySet().stream()
                .map(row -> dynamicTest(
                        row.getKey() + " uses " + row.getValue(),
                        () -> classes()
                                .that()
                                .resideInAPackage(ROOT + row.getKey())
                                .should()
                                .onlyDependOnClassesThat(not(resideInAPackage("dev.livebridge.."))
                                        .or(resideInAnyPackage(
                                                Stream.concat(Stream.of(row.getKey()), row.getValue().stream())
                                                        .map(ROOT::concat)
                                                        .toArray(String[]::new))))
                                .check(code)));
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(code);
    }

    @Test
    void theSessionKnowsNeitherSocketsNorJson() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "session..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus.websockets..", "io.vertx..", "com.fasterxml..")
                .check(code);
    }

    /** Rows of the table, too, but rows can be edited; these rules are permanent. */
    @Test
    void theLeavesOfTheSessionNeverUseItsLife() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "session.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "session")
                .check(code);
    }

    @Test
    void thePartsOfASessionDoNotKnowTheSession() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "session")
                .and()
                .haveNameNotMatching(
                        ".*\\.(LiveSession|SessionRegistry|SessionResumption|SessionOwner|SessionLog)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ROOT + "session.LiveSession")
                .check(code);
    }

    @Test
    void theStateOfASessionIsSetInOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + "session.SessionLifecycle")
                .should()
                .callConstructorWhere(target(owner(assignableTo(ROOT + "session.SessionState"))))
                .check(code);
    }

    @Test
    void aLockInTheSessionIsUsedByItsOwnerAlone() throws IOException {
        Pattern foreign = Pattern.compile("synchronized \\((?!this\\))");
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/livebridge/session"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(foreign.matcher(Files.readString(file)).find(), () -> file + " locks another object");
            }
        }
    }

    @Test
    void dependenciesComeThroughConstructors() {
        noFields().should().beAnnotatedWith("jakarta.inject.Inject").check(code);
    }

    @Test
    void absenceInAFieldIsNullable() {
        fields().should().notHaveRawType(Optional.class).check(code);
    }

    @Test
    void namesSayWhatAClassDoes() {
        noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl)").check(code);
    }

    @Test
    void nothingIsPrinted() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "command")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .because("the service logs; only the command line talks to a terminal")
                .check(code);
    }
}
