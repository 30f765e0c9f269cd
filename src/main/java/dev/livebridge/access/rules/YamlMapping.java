package dev.livebridge.access.rules;

import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** A mapping of a YAML file of an operator. Members are read one by one; a member that is not read is an error. */
public final class YamlMapping {

    private static final int MAX_CHARACTERS = 256 * 1024;
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(s|m|h)");

    private final String name;
    private final int line;
    private final Map<String, Node> members = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    /**
     * Reads the names of its members.
     *
     * @param name of the mapping, for errors
     * @throws InvalidRulesException if the node is not a mapping, or has a member twice
     */
    public YamlMapping(String name, Node node) throws InvalidRulesException {
        this.name = name;
        this.line = line(node);
        if (!(node instanceof MappingNode mapping)) {
            throw new InvalidRulesException(line, name + " must be a mapping.");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new InvalidRulesException(line(tuple.getKeyNode()), "a member of " + name + " must have a name.");
            }
            if (members.put(key.getValue(), tuple.getValueNode()) != null) {
                throw new InvalidRulesException(line(key), name + " has " + quoted(key.getValue()) + " twice.");
            }
            lines.put(key.getValue(), line(key));
        }
    }

    /**
     * The content of a YAML file.
     *
     * @return {@code null} for an empty one
     * @throws InvalidRulesException when it is not YAML, or too large
     */
    public static @Nullable Node document(String yaml) throws InvalidRulesException {
        if (yaml.length() > MAX_CHARACTERS) {
            throw new InvalidRulesException(1, "the file is larger than " + MAX_CHARACTERS + " characters.");
        }
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        try {
            return new Composer(
                            new ParserImpl(new StreamReader(new StringReader(yaml)), options), new Resolver(), options)
                    .getSingleNode();
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new InvalidRulesException(line, "this is not YAML: " + e.getProblem() + ".");
        } catch (YAMLException _) {
            // Its message has no line and may quote the file.
            throw new InvalidRulesException(1, "this is not YAML.");
        }
    }

    /** The line of a node, counted from 1. */
    public static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    /** The line at which it begins, counted from 1. */
    public int line() {
        return line;
    }

    /** A member, which still has to be taken; {@code null} when it is absent. */
    public @Nullable Node peek(String member) {
        return members.get(member);
    }

    /** A member; {@code null} when it is absent. */
    public @Nullable Node take(String member) {
        return members.remove(member);
    }

    /** A text; {@code null} when it is absent. */
    public @Nullable String takeText(String member) throws InvalidRulesException {
        Node node = take(member);
        return node == null ? null : text(member, node);
    }

    /** The members that are left, in the order of the file. */
    public List<String> names() {
        return List.copyOf(members.keySet());
    }

    /** A list of texts, at least one; {@code null} when it is absent. */
    public @Nullable Set<String> takeTexts(String member) throws InvalidRulesException {
        Node node = take(member);
        if (node == null) {
            return null;
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw new InvalidRulesException(line(node), path(member) + " must be a list.");
        }
        Set<String> texts = new LinkedHashSet<>();
        for (Node entry : sequence.getValue()) {
            texts.add(text(member, entry));
        }
        if (texts.isEmpty()) {
            throw new InvalidRulesException(line(node), path(member) + " must not be empty.");
        }
        return texts;
    }

    /** One of the allowed words; {@code null} when it is absent. */
    public @Nullable String takeWord(String member, List<String> words) throws InvalidRulesException {
        Node node = take(member);
        return node == null ? null : word(member, node, words);
    }

    /** A list of allowed words, at least one; {@code null} when it is absent. */
    public @Nullable Set<String> takeWords(String member, List<String> words) throws InvalidRulesException {
        Node node = members.get(member);
        Set<String> texts = takeTexts(member);
        if (texts != null && node instanceof SequenceNode sequence) {
            for (Node entry : sequence.getValue()) {
                word(member, entry, words);
            }
        }
        return texts;
    }

    private String word(String member, Node node, List<String> words) throws InvalidRulesException {
        String word = text(member, node);
        if (!words.contains(word)) {
            throw new InvalidRulesException(
                    line(node),
                    path(member) + " can't be " + quoted(word) + "; it is one of " + String.join(", ", words) + ".");
        }
        return word;
    }

    /** A boolean; the default when it is absent. */
    public boolean takeSwitch(String member, boolean otherwise) throws InvalidRulesException {
        Node node = take(member);
        if (node == null) {
            return otherwise;
        }
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.BOOL)) {
            // In YAML 1.1 yes, no, on and off are booleans, too.
            return Set.of("true", "yes", "on").contains(scalar.getValue().toLowerCase(java.util.Locale.ROOT));
        }
        throw new InvalidRulesException(line(node), path(member) + " must be true or false.");
    }

    /** A whole number from 0, {@code null} when it is absent. */
    public @Nullable Long takeCount(String member) throws InvalidRulesException {
        Node node = members.get(member);
        BigDecimal number = takeNumber(member);
        if (number == null || node == null) {
            return null;
        }
        try {
            return number.longValueExact();
        } catch (ArithmeticException _) {
            // The number has a fraction.
            throw new InvalidRulesException(line(node), path(member) + " must be a whole number.");
        }
    }

    /** A whole number from 0 that fits an {@code int}, {@code null} when it is absent. */
    public @Nullable Integer takeSmallCount(String member) throws InvalidRulesException {
        Node node = members.get(member);
        Long count = takeCount(member);
        if (count == null || node == null) {
            return null;
        }
        if (count > Integer.MAX_VALUE) {
            throw new InvalidRulesException(line(node), path(member) + " is too large.");
        }
        return count.intValue();
    }

    /**
     * A number from 0, {@code null} when it is absent. The bound keeps millionths and milliseconds of it within a
     * {@code long}.
     */
    public @Nullable BigDecimal takeNumber(String member) throws InvalidRulesException {
        Node node = take(member);
        if (node == null) {
            return null;
        }
        if (node instanceof ScalarNode scalar
                && (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT))
                && scalar.getValue().matches("\\d{1,12}(\\.\\d{1,6})?")) {
            return new BigDecimal(scalar.getValue());
        }
        throw new InvalidRulesException(
                line(node),
                path(member)
                        + " must be a number from 0 to 999999999999, with at most 6 digits after the decimal point.");
    }

    /** A time such as {@code 90s}, {@code 30m} or {@code 2h}, {@code null} when it is absent. */
    public @Nullable Duration takeDuration(String member) throws InvalidRulesException {
        Node node = take(member);
        if (node == null) {
            return null;
        }
        Matcher matcher = DURATION.matcher(text(member, node));
        if (!matcher.matches()) {
            throw new InvalidRulesException(line(node), path(member) + " must be a time such as 90s, 30m or 2h.");
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
        if (duration.isZero()) {
            throw new InvalidRulesException(line(node), path(member) + " must be positive.");
        }
        return duration;
    }

    /**
     * Checks that every member has been read.
     *
     * @throws InvalidRulesException with the name of the first unknown member
     */
    public void end() throws InvalidRulesException {
        for (String unknown : members.keySet()) {
            throw new InvalidRulesException(
                    lines.getOrDefault(unknown, line), name + " has the unknown member " + quoted(unknown) + ".");
        }
    }

    private String text(String member, Node node) throws InvalidRulesException {
        if (node instanceof ScalarNode scalar
                && !node.getTag().equals(Tag.NULL)
                && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        throw new InvalidRulesException(line(node), path(member) + " must be a text.");
    }

    private String path(String member) {
        return name + "." + member;
    }

    private static String quoted(String text) {
        String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
