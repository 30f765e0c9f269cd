package dev.livebridge.agents;

import dev.livebridge.json.JsonText;
import io.quarkus.qute.Engine;
import io.quarkus.qute.Expression;
import io.quarkus.qute.IfSectionHelper;
import io.quarkus.qute.ResultMapper;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateException;
import io.quarkus.qute.TemplateNode;
import io.quarkus.qute.ValueResolvers;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A text of an agent, a Qute template over {@code claims}, {@code vars}, {@code locale} and {@code time}. It writes
 * each text value as a JSON string, so that a value stays data: it can neither end its quotation nor begin a line. HTML
 * is not escaped. No method of a Java object can be called.
 */
final class AgentTemplate {

    /** Of a template and of what it writes, in characters. */
    static final int MAX_CHARACTERS = 16 * 1024;

    static final Set<String> ROOTS = Set.of("claims", "vars", "locale", "time");

    private static final Engine ENGINE = Engine.builder()
            .addSectionHelper(new IfSectionHelper.Factory())
            .addValueResolver(ValueResolvers.mapResolver())
            .addValueResolver(ValueResolvers.orResolver())
            .addValueResolver(ValueResolvers.trueResolver())
            .addValueResolver(ValueResolvers.logicalAndResolver())
            .addValueResolver(ValueResolvers.logicalOrResolver())
            .addResultMapper(new Quoting())
            .strictRendering(true)
            .build();

    private final Template template;

    private AgentTemplate(Template template) {
        this.template = template;
    }

    /** Writes texts as JSON strings. A map or a list would be written with its texts as they are. */
    private static final class Quoting implements ResultMapper {

        @Override
        public boolean appliesTo(TemplateNode.Origin origin, Object result) {
            return result instanceof String || result instanceof Map || result instanceof Collection;
        }

        @Override
        public String map(Object result, Expression expression) {
            if (result instanceof String text) {
                return JsonText.quoted(text);
            }
            throw new TemplateException("only single values can be written");
        }
    }

    /** A template is not valid. */
    static final class InvalidTemplateException extends Exception {

        private static final long serialVersionUID = 1L;

        private final int line;
        private final String predicate;

        InvalidTemplateException(int line, String predicate) {
            super(predicate, null, false, false);
            this.line = line;
            this.predicate = predicate;
        }

        /** Of the template, counted from 1. */
        int line() {
            return line;
        }

        /** What is wrong, as the predicate of a sentence about the template. */
        String predicate() {
            return predicate;
        }
    }

    /**
     * Parses a template.
     *
     * @param variables that the agent has
     * @throws InvalidTemplateException when it is not a template, or uses a value that does not exist
     */
    static AgentTemplate parse(String text, Set<String> variables) throws InvalidTemplateException {
        if (text.length() > MAX_CHARACTERS) {
            throw new InvalidTemplateException(1, "has more than " + MAX_CHARACTERS + " characters");
        }
        Template template;
        try {
            template = ENGINE.parse(text);
        } catch (TemplateException e) {
            int line = e.getOrigin() == null ? 1 : e.getOrigin().getLine();
            throw new InvalidTemplateException(line, "is not a template: " + firstLine(e));
        }
        for (Expression expression : template.getExpressions()) {
            check(expression, variables);
        }
        return new AgentTemplate(template);
    }

    private static String firstLine(TemplateException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("^Parser error: ", "");
    }

    private static void check(Expression expression, Set<String> variables) throws InvalidTemplateException {
        int line = expression.getOrigin().getLine();
        if (expression.isLiteral()) {
            return;
        }
        if (expression.getNamespace() != null) {
            throw new InvalidTemplateException(line, "uses the namespace '" + expression.getNamespace() + "'");
        }
        List<Expression.Part> parts = expression.getParts();
        String root = parts.getFirst().getName();
        if (!ROOTS.contains(root)) {
            throw new InvalidTemplateException(line, "uses '" + root + "'; there are claims, vars, locale and time");
        }
        if (parts.size() == 1 && (root.equals("vars") || root.equals("claims"))) {
            throw new InvalidTemplateException(line, "uses '" + root + "' without a name");
        }
        for (Expression.Part part : parts) {
            if (part.isVirtualMethod()) {
                for (Expression parameter : part.asVirtualMethod().getParameters()) {
                    check(parameter, variables);
                }
            }
        }
        if (root.equals("vars")
                && parts.size() > 1
                && !variables.contains(parts.get(1).getName())) {
            throw new InvalidTemplateException(
                    line, "uses 'vars." + parts.get(1).getName() + "', which is not a variable of the agent");
        }
    }

    /** The names of the claims that the template uses. */
    Set<String> claims() {
        Set<String> names = new LinkedHashSet<>();
        template.getExpressions().forEach(expression -> addClaims(expression, names));
        return names;
    }

    private static void addClaims(Expression expression, Set<String> names) {
        if (expression.isLiteral()) {
            return;
        }
        List<Expression.Part> parts = expression.getParts();
        if (parts.size() > 1 && parts.getFirst().getName().equals("claims")) {
            names.add(parts.get(1).getName());
        }
        for (Expression.Part part : parts) {
            if (part.isVirtualMethod()) {
                part.asVirtualMethod().getParameters().forEach(parameter -> addClaims(parameter, names));
            }
        }
    }

    /**
     * Writes the text.
     *
     * @param data a value for each of {@link #ROOTS}
     * @throws TemplateException when a value is missing
     */
    String render(Map<String, Object> data) {
        return template.render(data);
    }
}
