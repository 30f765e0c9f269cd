package dev.livebridge.config;

import static java.util.Objects.requireNonNull;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTreePath;
import com.sun.source.util.DocTreeScanner;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The reference of all settings, from the source of the {@code @ConfigMapping} interfaces. Quarkus' own generator
 * writes such a page for extensions, from metadata that an application does not have.
 */
final class ConfigurationPage {

    private static final Path SOURCES = Path.of("src/main/java/dev/livebridge/config");
    private static final List<String> FILES = List.of(
            "LivebridgeConfig.java",
            "SessionConfig.java",
            "AccessConfig.java",
            "AgentsConfig.java",
            "TokensConfig.java",
            "LimitsConfig.java",
            "SimulatorConfig.java");
    private static final Pattern STRING = Pattern.compile("\"(.*)\"");
    private static final Pattern ENUM_CONSTANT = Pattern.compile("\\b([A-Z][A-Z_]+)\\b");

    private static final String HEAD = """
            # Configuration

            All settings, generated from the source. Set them as environment variables, as Java system properties (`-Dlivebridge…`) or in
            `application.properties`; in Kubernetes, by their environment variables in `config.env`. A misspelt `livebridge.`
            property or `LIVEBRIDGE_` variable stops the start. All [settings of Quarkus](https://quarkus.io/guides/all-config) work too.

            """;

    private final StringBuilder page = new StringBuilder(HEAD);
    private final Map<String, ClassTree> types = new HashMap<>();
    private final Map<ClassTree, TreePath> paths = new HashMap<>();
    private final DocTrees docs;

    private ConfigurationPage(DocTrees docs) {
        this.docs = docs;
    }

    static String generate() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of(),
                    null,
                    files.getJavaFileObjects(
                            FILES.stream().map(SOURCES::resolve).toArray(Path[]::new)));
            ConfigurationPage page = new ConfigurationPage(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                page.index(unit);
            }
            page.section("LivebridgeConfig", "livebridge");
            page.section("SimulatorConfig", "livebridge.simulator");
            return page.page.toString();
        }
    }

    private void index(CompilationUnitTree unit) {
        new TreePathScanner<Void, Void>() {
            @Override
            public Void visitClass(ClassTree type, Void nothing) {
                types.put(type.getSimpleName().toString(), type);
                paths.put(type, getCurrentPath());
                return super.visitClass(type, null);
            }
        }.scan(unit, null);
    }

    private void section(String typeName, String prefix) {
        ClassTree type = declared(typeName);
        List<MethodTree> methods = type.getMembers().stream()
                .filter(MethodTree.class::isInstance)
                .map(MethodTree.class::cast)
                .toList();
        List<MethodTree> settings =
                methods.stream().filter(method -> !isGroup(method)).toList();
        if (!settings.isEmpty()
                && settings.stream().anyMatch(method -> mapValue(method).isEmpty())) {
            heading(prefix, comment(type, type));
            settings.stream().filter(method -> mapValue(method).isEmpty()).forEach(method -> row(type, prefix, method));
            page.append('\n');
        }
        for (MethodTree method : methods) {
            Optional<String> value = mapValue(method);
            if (isGroup(method)) {
                section(
                        method.getReturnType().toString(),
                        prefix + "." + kebab(method.getName().toString()));
            } else if (value.isPresent()) {
                String group = prefix + "." + name(method) + ".\"MODEL\"";
                heading(group, comment(type, method) + " " + comment(declared(value.get()), declared(value.get())));
                declared(value.get()).getMembers().stream()
                        .filter(MethodTree.class::isInstance)
                        .forEach(member -> row(declared(value.get()), group, (MethodTree) member));
                page.append('\n');
            }
        }
    }

    private void heading(String prefix, String text) {
        page.append("## `").append(prefix).append("`\n\n").append(text).append("\n\n");
        page.append("| property | environment variable | type | default | meaning |\n");
        page.append("| --- | --- | --- | --- | --- |\n");
    }

    private void row(ClassTree owner, String prefix, MethodTree method) {
        String property = prefix + "." + name(method);
        page.append("| `%s` | `%s` | %s | %s | %s |\n"
                .formatted(
                        property,
                        property.replaceAll("[^a-zA-Z0-9]", "_").toUpperCase(Locale.ROOT),
                        type(method.getReturnType().toString()),
                        annotation(method, "WithDefault")
                                .map(value -> "`" + value + "`")
                                .orElse("–"),
                        comment(owner, method).replace("|", "\\|")));
    }

    private String type(String declared) {
        Matcher wrapped = Pattern.compile("(?:Optional|List)<(.*)>").matcher(declared);
        if (wrapped.matches()) {
            return declared.startsWith("List") ? "list, comma-separated" : type(wrapped.group(1));
        }
        return switch (declared) {
            case "int", "long", "Integer", "Long" -> "whole number";
            case "double" -> "number";
            case "boolean" -> "`true` or `false`";
            case "Duration" -> "duration: `500ms`, `10s`, `5m`, `2h`";
            case "URI" -> "URI";
            case "Path" -> "path of a file";
            case "String" -> "text";
            default ->
                declared(declared).getMembers().stream()
                        .map(constant -> ENUM_CONSTANT.matcher(constant.toString()))
                        .filter(Matcher::find)
                        .map(constant -> "`" + constant.group(1).toLowerCase(Locale.ROOT) + "`")
                        .collect(Collectors.joining(" or "));
        };
    }

    private ClassTree declared(String name) {
        return requireNonNull(types.get(name), name);
    }

    private boolean isGroup(MethodTree method) {
        ClassTree type = types.get(method.getReturnType().toString());
        return type != null && type.getKind() == Tree.Kind.INTERFACE;
    }

    private static Optional<String> mapValue(MethodTree method) {
        Matcher map = Pattern.compile("Map<String, ?(\\w+)>")
                .matcher(method.getReturnType().toString());
        return map.matches() ? Optional.of(map.group(1)) : Optional.empty();
    }

    private static String name(MethodTree method) {
        return annotation(method, "WithName")
                .orElseGet(() -> kebab(method.getName().toString()));
    }

    private static Optional<String> annotation(MethodTree method, String name) {
        for (AnnotationTree annotation : method.getModifiers().getAnnotations()) {
            Matcher value = STRING.matcher(annotation.getArguments().toString());
            if (annotation.getAnnotationType().toString().equals(name) && value.find()) {
                return Optional.of(value.group(1));
            }
        }
        return Optional.empty();
    }

    private static String kebab(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** A Javadoc comment's text in one line of Markdown. */
    private String comment(ClassTree owner, Tree member) {
        TreePath path = member == owner
                ? requireNonNull(paths.get(owner))
                : new TreePath(requireNonNull(paths.get(owner)), member);
        DocCommentTree comment = docs.getDocCommentTree(path);
        if (comment == null) {
            throw new AssertionError("no Javadoc: " + member);
        }
        StringBuilder text = new StringBuilder();
        new DocTreeScanner<Void, Void>() {
            @Override
            public Void visitText(TextTree node, Void nothing) {
                text.append(node.getBody());
                return null;
            }

            @Override
            public Void visitLiteral(LiteralTree node, Void nothing) {
                text.append('`').append(node.getBody().getBody()).append('`');
                return null;
            }

            @Override
            public Void visitLink(LinkTree node, Void nothing) {
                text.append('`').append(node.getReference()).append('`');
                return null;
            }
        }.scan(new DocTreePath(path, comment).getDocComment().getFullBody(), null);
        return text.toString().replaceAll("\\s+", " ").strip();
    }
}
