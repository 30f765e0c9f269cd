package dev.livebridge.access.request;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/**
 * Removes the expiry from the identity of a login. Quarkus WebSockets Next closes a connection with 1008 at that time
 * ({@code SecuritySupport}), although the caller may send a new credential in the conversation. The expiry of the
 * {@code Caller} ends the conversation instead.
 */
@Singleton
final class UntimedIdentity implements SecurityIdentityAugmentor {

    /** {@code SecuritySupport.QUARKUS_IDENTITY_EXPIRE_TIME} of Quarkus 3.33. */
    private static final String EXPIRE_TIME = "quarkus.identity.expire-time";

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        if (identity.getAttribute(EXPIRE_TIME) == null) {
            return Uni.createFrom().item(identity);
        }
        QuarkusSecurityIdentity.Builder untimed = QuarkusSecurityIdentity.builder()
                .setPrincipal(identity.getPrincipal())
                .setAnonymous(identity.isAnonymous())
                .addRoles(identity.getRoles())
                .addCredentials(identity.getCredentials());
        identity.getAttributes().forEach((name, value) -> {
            if (!name.equals(EXPIRE_TIME)) {
                untimed.addAttribute(name, value);
            }
        });
        return Uni.createFrom().item(untimed.build());
    }
}
