package dev.livebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Tags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.commons.annotation.Testable;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * {@code ./mvnw verify} runs every test: what {@code ./mvnw test} leaves out has a tag that a later run takes, and each
 * class has a name that Surefire or Failsafe looks for.
 */
class TestSelectionTest {

    private static final XPath XPATH = XPathFactory.newInstance().newXPath();
    private static final String SUREFIRE = "//plugin[artifactId='maven-surefire-plugin']";
    private static final String FAILSAFE = "//plugin[artifactId='maven-failsafe-plugin']";

    private static Document pom;
    private static Set<String> slowTags;
    private static List<JavaClass> withTests;

    @BeforeAll
    static void read() throws IOException, ParserConfigurationException, SAXException, XPathExpressionException {
        pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());
        slowTags = new TreeSet<>(List.of(text("/project/properties/slow.tags").split(" \\| ", -1)));
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.OnlyIncludeTests())
                .importPackages("dev.livebridge");
        withTests = classes.stream()
                .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(type ->
                        type.getAllMethods().stream().anyMatch(method -> method.isMetaAnnotatedWith(Testable.class)))
                .toList();
        assertTrue(withTests.stream().anyMatch(type -> type.isEquivalentTo(TestSelectionTest.class)));
    }

    @Test
    void everyTestIsSelected() {
        assertEquals(
                List.of(),
                withTests.stream()
                        .map(type -> problem(outermost(type).getSimpleName(), tags(type)))
                        .filter(problem -> !problem.isEmpty())
                        .toList());
    }

    /** A method of its own tag would run with neither or with both, depending on its class. */
    @Test
    void onlyClassesHaveTags() {
        assertEquals(
                List.of(),
                withTests.stream()
                        .flatMap(type -> type.getAllMethods().stream())
                        .filter(method -> method.isMetaAnnotatedWith(Tag.class) || method.isAnnotatedWith(Tags.class))
                        .map(method -> method.getFullName())
                        .toList());
    }

    @Test
    void everyTagIsUsed() {
        assertEquals(
                slowTags,
                withTests.stream().flatMap(type -> tags(type).stream()).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void whatTheFirstRunLeavesOutTheSecondTakes() throws XPathExpressionException {
        String first = SUREFIRE + "/executions/execution[id='default-test']";
        String second = SUREFIRE + "/executions/execution[id='slow-tests']";

        assertEquals("${inner-loop.excluded-tags}", text(first + "/configuration/excludedGroups"));
        assertEquals("${slow.tags}", text("/project/properties/inner-loop.excluded-tags"));
        assertEquals("${slow.tags}", text(second + "/configuration/groups"));
        assertEquals("prepare-package", text(second + "/phase"));
        assertEquals("test", text(second + "/goals/goal"));
        assertEquals("${slow-tests.skip}", text(second + "/configuration/skipTests"));
        assertEquals("${skipTests}", text("/project/properties/slow-tests.skip"));
        assertEquals(List.of("integration-test", "verify"), texts(FAILSAFE + "/executions/execution/goals/goal"));
    }

    /** Only {@code -Dtest=} changes what the two runs take: it names the tests itself. */
    @Test
    void nothingElseSelects() throws XPathExpressionException {
        assertEquals(List.of("excludedGroups", "groups"), names("//excludedGroups | //groups"));
        assertEquals(List.of(), names(SUREFIRE + "//*[self::includes or self::excludes or self::test or self::skip]"));
        assertEquals(List.of(), names(FAILSAFE + "//*[self::includes or self::excludes or self::test or self::skip]"));
        assertEquals(List.of("named-tests"), texts("//profile[properties/inner-loop.excluded-tags]/id"));
        assertEquals(List.of("named-tests"), texts("//profile[properties/slow-tests.skip]/id"));
        assertEquals(List.of("test"), texts("//profile[id='named-tests']/activation//name"));
        assertEquals(List.of("soak"), texts("//profile[properties/it.test]/id"));
    }

    @ParameterizedTest
    @CsvSource({
        "ATest,               , ''",
        "ATest,        browser, ''",
        "ATest,           slow, ''",
        "AnIT,                , ''",
        "ATest,           slwo, 'ATest: ./mvnw verify runs no tag slwo'",
        "AnIT,            slow, 'AnIT: Failsafe looks at no tags'",
        "TestOfSomething,     , 'TestOfSomething: is neither a *Test nor an *IT'",
        "ItWorks,      browser, 'ItWorks: is neither a *Test nor an *IT'",
    })
    void aTestThatWouldNotRunIsNoticed(String name, String tag, String problem) {
        assertEquals(problem, problem(name, tag == null ? Set.of() : Set.of(tag)));
    }

    private static String problem(String name, Set<String> tags) {
        if (name.endsWith("IT")) {
            return tags.isEmpty() ? "" : name + ": Failsafe looks at no tags";
        }
        if (!name.endsWith("Test")) {
            return name + ": is neither a *Test nor an *IT";
        }
        return tags.stream()
                .filter(tag -> !slowTags.contains(tag))
                .map(tag -> name + ": ./mvnw verify runs no tag " + tag)
                .collect(Collectors.joining(", "));
    }

    /** The tags of a class: its own and those of the classes that it extends and is nested in. */
    private static Set<String> tags(JavaClass type) {
        return Stream.iterate(type, enclosing -> enclosing.getEnclosingClass().orElse(null))
                .takeWhile(enclosing -> enclosing != null)
                .flatMap(enclosing -> Stream.of(enclosing.reflect().getAnnotationsByType(Tag.class)))
                .map(Tag::value)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(TestSelectionTest::outermost).orElse(type);
    }

    private static String text(String path) throws XPathExpressionException {
        List<String> found = texts(path);
        assertEquals(1, found.size(), path);
        assertNotEquals("", found.getFirst(), path);
        return found.getFirst();
    }

    private static List<String> texts(String path) throws XPathExpressionException {
        NodeList nodes = nodes(path);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent().strip())
                .toList();
    }

    private static List<String> names(String path) throws XPathExpressionException {
        NodeList nodes = nodes(path);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            names.add(nodes.item(i).getNodeName());
        }
        return names;
    }

    private static NodeList nodes(String path) throws XPathExpressionException {
        return (NodeList) XPATH.evaluate(path, pom, XPathConstants.NODESET);
    }
}
