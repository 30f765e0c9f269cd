package dev.livebridge.browser.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.DownstreamMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/live-protocol.md} and {@link LiveEncoder} agree. */
class LiveProtocolPageTest {

    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (.*?) \\| .* \\|");
    private static final Pattern MEMBER = Pattern.compile("`(\\w+)(?:\\[])?`(\\?)?");

    @Test
    void everyMessageHasTheMembersThatItsRowNames() throws IOException, MalformedJsonException {
        Map<String, Map<String, Boolean>> rows = rows();
        Map<String, Set<String>> seen = new TreeMap<>();
        Dialect.Encoder encoder = new LiveDialect(MemberRules.DEFAULTS, () -> 0).newEncoder(0);

        for (Object[] row :
                LiveDialectTest.downstream().map(arguments -> arguments.get()).toList()) {
            if (encoder.encode((DownstreamMessage) row[0], 1) instanceof OutboundFrame.Text(String text)) {
                JsonNode json = StrictJson.read(text);
                String type = json.get("type").textValue();
                Map<String, Boolean> documented = rows.getOrDefault(type, Map.of());
                Set<String> members = new HashSet<>();
                json.fieldNames().forEachRemaining(members::add);
                members.remove("type");
                assertTrue(documented.keySet().containsAll(members), type + " has undocumented members: " + members);
                documented.forEach((member, optional) ->
                        assertTrue(optional || members.contains(member), type + " lacks " + member));
                seen.computeIfAbsent(type, _ -> new TreeSet<>()).addAll(members);
            }
        }

        Map<String, Set<String>> documented = new TreeMap<>();
        rows.forEach((type, members) -> documented.put(type, new TreeSet<>(members.keySet())));
        assertEquals(documented, seen);
    }

    /** By type and member: whether the member is optional. */
    private static Map<String, Map<String, Boolean>> rows() throws IOException {
        String page = Files.readString(Path.of("docs", "live-protocol.md"));
        Map<String, Map<String, Boolean>> rows = new TreeMap<>();
        page.substring(page.indexOf("## Service to client")).lines().forEach(line -> {
            Matcher row = ROW.matcher(line);
            if (row.matches() && !row.group(1).equals("type")) {
                // What stands in parentheses are values, or the inside of a list.
                String members = row.group(2).replaceAll("\\([^)]*\\)", "");
                boolean alternatives = members.contains(" or ");
                Map<String, Boolean> found = new TreeMap<>();
                Matcher member = MEMBER.matcher(members);
                while (member.find()) {
                    boolean oneOf = alternatives && !member.group(1).equals("turn");
                    found.put(member.group(1), oneOf || member.group(2) != null);
                }
                rows.put(row.group(1), found);
            }
        });
        return rows;
    }
}
