%% Evaluated in a fresh Erlang node: starts ejabberd, makes the accounts that
%% are not there yet, and ends when standard input does.
{ok, [Accounts]} = file:consult("accounts.term").
{ok, _} = application:ensure_all_started(ejabberd).
[case ejabberd_auth:try_register(Name, Host, Password) of
     ok ->
         [ok = mod_admin_extra:add_rosteritem(Name, Host, User, Server, Nick, <<>>, Subscription)
          || {User, Server, Nick, Subscription} <- Contacts];
     {error, exists} ->
         ok
 end || {Name, Host, Password, Contacts} <- Accounts].
%% A crash from here on must not take the accounts with it.
mnesia:sync_log().
io:format("porchlight: ready~n").
eof = io:get_line("").
%% Closes the tables. The whole orderly stop would take many seconds.
mnesia:stop().
erlang:halt(0).
