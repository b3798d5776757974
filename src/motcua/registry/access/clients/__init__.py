"""System clients: other programs that use the API or sign people in through this installation (OAuth 2, OIDC).

django-allauth holds the protocol (its `Client` and `Token`); what makes a client ours stands here: owner, purpose,
scopes, secrets, test marking, suspension and end.
"""
