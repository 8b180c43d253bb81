using Lazykick.Checking.Exploration;

namespace Lazykick.Cli.Checking;

/// <summary>What properties and ends of searches mean, in a few words.</summary>
internal static class PropertyTexts
{
    public static string Of(string property) =>
        property switch
        {
            "S1" => "ordinary text is new once the kick has returned",
            "S1.windows" => "so is text at every step of every path",
            "S2" => "no CPU acts on an old value once the kick has returned",
            "S3" => "nobody writes what has been drained, nobody uses what has been freed",
            "S4" => "no message from before the kick is pending when it returns",
            "S5a" => "no IPI is sent to a CPU that was in the EQS all along",
            "S5b" => "no IPI arrives in the EQS",
            "S6" => "RCU is not used in the EQS",
            "S7" => "registers of the program survive until they are used",
            "S8" => "the kick returns",
            "S9" => "no access goes through an old translation once the kick has returned",
            _ => "",
        };

    public static string Of(SearchEnd end) =>
        end switch
        {
            SearchEnd.StateLimit => "gave up at --max-states",
            SearchEnd.MemoryLimit => "gave up at --max-memory",
            SearchEnd.TimeLimit => "gave up at --timeout",
            SearchEnd.Cancelled => "interrupted",
            _ => "",
        };
}
