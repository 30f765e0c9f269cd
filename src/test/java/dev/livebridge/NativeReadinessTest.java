package dev.livebridge;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rules for the native executable. It is built under a closed-world assumption: code that is reached by name only must
 * be registered, and static initializers run on the build machine.
 */
class NativeReadinessTest {

    private static final String ROOT = "dev.livebridge";

    /** Values that belong to the machine and the moment of a run. */
    private static final Pattern RUN_TIME_TYPES = Pattern.compile("java\\.(util\\.(Random|SplittableRandom)"
            + "|security\\.SecureRandom|io\\.(File|InputStream|OutputStream|Reader|Writer)|nio\\.file\\.Path"
            + "|lang\\.(Thread|Process)|util\\.concurrent\\.(\\w*Executor\\w*|ForkJoinPool|\\w*Future)"
            + "|time\\.(Instant|Clock|LocalDateTime|ZonedDateTime)|net\\.(InetAddress|Socket|http\\.HttpClient))"
            + "|io\\.vertx\\.core\\.Vertx|javax\\.net\\.ssl\\..*|.*MeterRegistry");

    private static final Pattern RUN_TIME_CALLS = Pattern.compile("java\\.lang\\.System\\.(getenv|getProperty|nanoTime"
            + "|currentTimeMillis)|java\\.lang\\.Class\\.getResource(AsStream)?|java\\.nio\\.file\\.Files\\..*"
            + "|java\\.time\\.Instant\\.now|java\\.util\\.UUID\\.randomUUID|java\\.lang\\.Thread\\..*"
            + "|java\\.lang\\.Math\\.random|java\\.net\\..*|java\\.util\\.concurrent\\.Executors\\..*"
            + "|org\\.eclipse\\.microprofile\\.config\\..*|(java\\.util\\.(Random|SplittableRandom)"
            + "|java\\.security\\.SecureRandom)\\.<init>");

    private static JavaClasses classes;
    private static Set<String> registered;

    @BeforeAll
    static void importTheService() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
        assertFalse(classes.isEmpty());
        registered = classes.stream()
                .filter(type -> type.isAnnotatedWith(RegisterForReflection.class))
                .flatMap(type -> {
                    Class<?>[] targets = type.getAnnotationOfType(RegisterForReflection.class)
                            .targets();
                    return targets.length == 0
                            ? Stream.of(type.getName())
                            : Stream.of(targets).map(Class::getName);
                })
                .collect(toSet());
    }

    @Test
    void whatAMapperReadsIsRegisteredForReflection() {
        Set<String> unregistered = new TreeSet<>();
        for (JavaClass type : typesGivenToMappers()) {
            reachable(type).stream()
                    .filter(found -> !found.isEnum() && !isRegistered(found))
                    .map(JavaClass::getName)
                    .forEach(unregistered::add);
        }

        assertEquals(Set.of(), unregistered);
    }

    /** A mapper writes objects by reflection; all but the page's configuration are trees. */
    @Test
    void whatAMapperWritesIsATreeOrRegistered() {
        Set<String> writers = callsTo(Set.of("writeValueAsString", "writeValueAsBytes", "writeValue", "valueToTree"))
                .map(call -> call.getOriginOwner().getName())
                .collect(toCollection(TreeSet::new));
        Set<String> trees =
                Set.of(ROOT + ".json.StrictJson", ROOT + ".simulator.Wire", ROOT + ".load.Json", ROOT + ".load.Frame");
        writers.removeAll(trees);

        assertEquals(Set.of(ROOT + ".web.PageConfigurations"), writers);
        assertEquals(
                List.of(),
                reachable(classes.get(ROOT + ".web.PageConfiguration")).stream()
                        .filter(type -> !type.isEnum() && !isRegistered(type))
                        .map(JavaClass::getName)
                        .toList());
    }

    @Test
    void noStaticFieldHoldsWhatBelongsToARun() {
        List<String> fields = classes.stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .filter(field ->
                        RUN_TIME_TYPES.matcher(field.getRawType().getName()).matches())
                .map(JavaField::getFullName)
                .toList();

        assertEquals(List.of(), fields);
    }

    @Test
    void noStaticInitialiserDoesWhatBelongsToARun() {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            type.getStaticInitializer()
                    .ifPresent(initialiser -> codeReachedFrom(initialiser)
                            .flatMap(unit -> unit.getAccessesFromSelf().stream())
                            .map(JavaAccess::getTarget)
                            .map(NativeReadinessTest::calledName)
                            .filter(call -> RUN_TIME_CALLS.matcher(call).matches())
                            .forEach(call -> found.add(type.getName() + " calls " + call)));
        }

        assertEquals(Set.of(), found);
    }

    @Test
    void theRulesNoticeWhatTheyForbid() {
        assertFalse(RUN_TIME_TYPES.matcher("java.lang.String").matches());
        for (String type : List.of("java.security.SecureRandom", "java.nio.file.Path", "java.time.Instant")) {
            assertEquals(true, RUN_TIME_TYPES.matcher(type).matches(), type);
        }
        JavaClass offender = new ClassFileImporter().importClass(Offender.class);
        Set<String> calls = codeReachedFrom(offender.getStaticInitializer().orElseThrow())
                .flatMap(unit -> unit.getAccessesFromSelf().stream())
                .map(access -> calledName(access.getTarget()))
                .filter(call -> RUN_TIME_CALLS.matcher(call).matches())
                .collect(toSet());

        assertEquals(Set.of("java.lang.System.getenv", "java.util.Random.<init>"), calls);
    }

    @ParameterizedTest
    @EnumSource
    void whatOnlyAJvmOffersIsOptional(NativeRule rule) {
        assertEquals(Set.of(), rule.violations(classes));
    }

    /** An exemption without a violation is removed: it could hide a later violation. */
    @ParameterizedTest
    @EnumSource
    void everyExceptionIsNeeded(NativeRule rule) {
        for (String exception : rule.doWithout()) {
            assertNotEquals(Set.of(), rule.uses(classes.get(exception)), exception);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachRuleNoticesItsOffender(NativeRule rule) {
        JavaClasses offender = new ClassFileImporter().importClasses(rule.offender());

        assertNotEquals(Set.of(), rule.violations(offender));
        for (NativeRule other : NativeRule.values()) {
            assertTrue(other == rule || other.violations(offender).isEmpty(), () -> other + " takes it for its own");
        }
    }

    @Test
    void everyResourceIsIncluded() throws IOException {
        List<PathMatcher> included = Stream.of(properties()
                        .getProperty("quarkus.native.resources.includes")
                        .split(","))
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob.strip()))
                .toList();
        Path root = Path.of("src/main/resources");
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> missing = files.filter(Files::isRegularFile)
                    .map(root::relativize)
                    // Quarkus' own: templates, the web bundle, the configuration.
                    .filter(file -> !file.startsWith("templates")
                            && !file.startsWith("web")
                            && !file.startsWith("META-INF")
                            && !file.toString().equals("application.properties")
                            && !file.toString().endsWith(".sh"))
                    .filter(file -> included.stream().noneMatch(glob -> glob.matches(file)))
                    .toList();

            assertEquals(List.of(), missing);
        }
    }

    private static Properties properties() throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            properties.load(in);
        }
        return properties;
    }

    private static Set<JavaClass> typesGivenToMappers() {
        return callsTo(Set.of("readValue", "treeToValue", "convertValue", "readerFor", "forType"))
                .flatMap(call -> call.getOrigin().getReferencedClassObjects().stream()
                        // A class names itself where it reads a resource.
                        .filter(reference -> !reference.getRawType().equals(call.getOriginOwner())))
                .map(reference -> reference.getRawType())
                .filter(type -> type.getName().startsWith(ROOT))
                .collect(toSet());
    }

    private static Stream<JavaAccess<?>> callsTo(Set<String> names) {
        return classes.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> access.getTargetOwner().isAssignableTo(ObjectMapper.class)
                        || access.getTargetOwner().isAssignableTo(ObjectReader.class)
                        || access.getTargetOwner().isAssignableTo(ObjectWriter.class))
                .filter(access -> names.contains(access.getTarget().getName()));
    }

    /** The type and those of our types that its fields are made of. */
    private static Set<JavaClass> reachable(JavaClass start) {
        Set<JavaClass> seen = new HashSet<>();
        Deque<JavaClass> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            JavaClass type = open.pop();
            if (type.getName().startsWith(ROOT) && seen.add(type)) {
                type.getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                        .flatMap(field -> field.getAllInvolvedRawTypes().stream())
                        .forEach(open::push);
            }
        }
        return seen;
    }

    private static boolean isRegistered(JavaClass type) {
        // An annotation registers the nested types, too.
        return registered.contains(type.getName())
                || type.getEnclosingClass()
                        .map(NativeReadinessTest::isRegistered)
                        .orElse(false);
    }

    private static Stream<JavaCodeUnit> codeReachedFrom(JavaCodeUnit start) {
        Set<JavaCodeUnit> seen = new HashSet<>();
        Deque<JavaCodeUnit> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            JavaCodeUnit unit = open.pop();
            if (seen.add(unit)) {
                unit.getCallsFromSelf().stream()
                        .map(call -> call.getTarget().resolveMember())
                        .flatMap(target -> target.stream())
                        .filter(JavaCodeUnit.class::isInstance)
                        .map(JavaCodeUnit.class::cast)
                        .filter(target -> target.getOwner().getName().startsWith(ROOT))
                        .forEach(open::push);
            }
        }
        return seen.stream();
    }

    private static String calledName(AccessTarget target) {
        return target.getOwner().getName() + "." + target.getName();
    }

    /** Violates a rule through one more call. */
    private static final class Offender {

        @SuppressWarnings("unused")
        private static final Object CHANCE = chance();

        private static Object chance() {
            return new java.util.Random(System.getenv("SEED") == null ? 0 : 1);
        }
    }
}
