#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "catalog/inspect.h"

namespace ourvidz::catalog {
namespace {

// Tensor names by which architectures tell themselves apart; facts of the published checkpoints.
class Tensors {
  public:
    explicit Tensors(const Header& header) : header_(header) {
        for (const auto& tensor : header.tensors) by_name_.emplace(tensor.name, &tensor);
    }

    [[nodiscard]] bool has(std::string_view part) const { return find(part) != nullptr; }

    [[nodiscard]] bool has_prefix(std::string_view prefix) const {
        return std::any_of(header_.tensors.begin(), header_.tensors.end(),
                           [&](const Tensor& tensor) { return tensor.name.starts_with(prefix); });
    }

    // The first tensor whose name contains `part`.
    [[nodiscard]] const Tensor* find(std::string_view part) const {
        const auto found =
            std::find_if(header_.tensors.begin(), header_.tensors.end(),
                         [&](const Tensor& tensor) { return tensor.name.find(part) != std::string::npos; });
        return found == header_.tensors.end() ? nullptr : &*found;
    }

    // The tensor of exactly this name, with or without the prefix that whole checkpoints put before the net.
    [[nodiscard]] const Tensor* exact(std::string_view name) const {
        for (const std::string_view prefix :
             {"", "model.diffusion_model.", "diffusion_model.", "first_stage_model.", "vae."}) {
            const auto found = by_name_.find(std::string(prefix) + std::string(name));
            if (found != by_name_.end()) return found->second;
        }
        return nullptr;
    }

    // Length of one dimension of the tensor of this name, counted from the outermost; 0 if there is none.
    [[nodiscard]] std::uint64_t length(std::string_view name, std::size_t dimension) const {
        const auto* tensor = exact(name);
        return tensor == nullptr || dimension >= tensor->shape.size() ? 0 : tensor->shape[dimension];
    }

    [[nodiscard]] std::uint64_t items(std::string_view name) const {
        const auto* tensor = exact(name);
        if (tensor == nullptr) return 0;
        std::uint64_t count = 1;
        for (const auto dimension : tensor->shape) count *= dimension;
        return count;
    }

    [[nodiscard]] std::string metadata(const std::string& key) const {
        const auto found = header_.metadata.find(key);
        return found == header_.metadata.end() ? "" : found->second;
    }

  private:
    const Header& header_;
    std::unordered_map<std::string, const Tensor*> by_name_;
};

struct Answer {
    std::string content;
    std::string title;
};

std::optional<Answer> lora(const Tensors& tensors) {
    const Tensor* down = nullptr;
    for (const auto* part :
         {".lora_down.weight", ".lora_A.weight", ".lora.down.weight", ".lora_A.default.weight"}) {
        if (down == nullptr) down = tensors.find(part);
    }
    if (down == nullptr) return std::nullopt;
    if (tensors.has("lora_te2_") || tensors.has("text_encoder_2."))
        return Answer{"sdxl/lora", "LoRA for SDXL"};
    for (const auto* part : {"attn2_to_k.lora_down", "attn2.to_k.lora_A", "attn2.to_k.lora.down"}) {
        const auto* context = tensors.find(part);
        if (context == nullptr || context->shape.size() < 2) continue;
        if (context->shape[1] == 2048) return Answer{"sdxl/lora", "LoRA for SDXL"};
        if (context->shape[1] == 768) return Answer{"sd1/lora", "LoRA for Stable Diffusion 1"};
    }
    if (tensors.has("blocks.0.cross_attn") || tensors.has("blocks_0_cross_attn"))
        return Answer{"wan/lora", "LoRA for Wan"};
    if (tensors.has("double_blocks")) return Answer{"flux/lora", "LoRA for Flux"};
    return Answer{"unknown/lora", "LoRA for an unknown model"};
}

// Whole nets of the Stable Diffusion line, told apart by the width of the text that they attend to.
std::optional<Answer> stable_diffusion(const Tensors& tensors) {
    const bool original = tensors.has("input_blocks.1.");
    const bool diffusers =
        tensors.has("down_blocks.0.") && tensors.has("conv_in.weight") && tensors.has("attn2.to_k");
    if ((!original && !diffusers) || tensors.has("control_model.") ||
        tensors.has("controlnet_cond_embedding")) {
        return std::nullopt;
    }
    const auto* context = tensors.find("attn2.to_k.weight");
    if (context == nullptr || context->shape.size() < 2) return std::nullopt;
    std::string family;
    std::string title;
    switch (context->shape[1]) {
        case 768:
            family = "sd1", title = "Stable Diffusion 1";
            break;
        case 1024:
            family = "sd2", title = "Stable Diffusion 2";
            break;
        case 1280:
            family = "sdxl_refiner", title = "SDXL refiner";
            break;
        case 2048:
            family = "sdxl", title = "SDXL";
            break;
        default:
            return std::nullopt;
    }
    if (tensors.length("input_blocks.0.0.weight", 1) == 9) family += "_inpaint", title += " inpainting";
    const bool text = tensors.has_prefix("conditioner.") || tensors.has_prefix("cond_stage_model.") ||
                      tensors.has_prefix("te.");
    const bool coder = tensors.has_prefix("first_stage_model.") || tensors.has_prefix("vae.");
    if (text && coder) return Answer{family + "/checkpoint", title + " checkpoint"};
    return Answer{family + "/diffusion", title + " net without text encoders or VAE"};
}

std::optional<Answer> wan(const Tensors& tensors) {
    if (tensors.exact("blocks.0.cross_attn.norm_k.weight") == nullptr) return std::nullopt;
    const auto width = tensors.length("blocks.0.self_attn.q.weight", 0);
    std::string size = "unknown";
    if (width == 1536) size = "1.3b";
    if (width == 3072) size = "5b";
    if (width == 5120) size = "14b";
    // The patch embedding maps channels x 1 x 2 x 2 numbers to the width, however the file folds its
    // dimensions.
    const auto channels = width == 0 ? 0 : tensors.items("patch_embedding.weight") / width / 4;
    std::string use = "t2v";
    if (tensors.has("img_emb.") || channels == 36) use = "i2v";
    if (channels == 48) use = "ti2v";
    if (tensors.has("vace_blocks.")) use = "vace";
    return Answer{"wan_" + use + "_" + size + "/diffusion", "Wan " + use + " " + size + " video net"};
}

std::optional<Answer> other_nets(const Tensors& tensors) {
    if (tensors.exact("cap_embedder.0.weight") != nullptr) return Answer{"z_image/diffusion", "Z-Image net"};
    if (tensors.has("joint_blocks.")) return Answer{"sd3/diffusion", "Stable Diffusion 3 net"};
    if (tensors.has("double_blocks.")) return Answer{"flux/diffusion", "Flux net"};
    if (tensors.has("control_model.") || tensors.has("controlnet_cond_embedding")) {
        return Answer{"unknown/controlnet", "ControlNet"};
    }
    if (const auto* key = tensors.find("to_k_ip.weight"); key != nullptr && key->shape.size() == 2) {
        if (key->shape[1] == 2048) return Answer{"sdxl/ip_adapter", "IP-Adapter for SDXL"};
        if (key->shape[1] == 768) return Answer{"sd1/ip_adapter", "IP-Adapter for Stable Diffusion 1"};
    }
    if (tensors.has("rdb1.conv1") || tensors.has("RDB1.conv1"))
        return Answer{"esrgan/upscaler", "ESRGAN upscaler"};
    return std::nullopt;
}

std::optional<Answer> coders(const Tensors& tensors) {
    if (tensors.exact("decoder.layers.0.weight") != nullptr ||
        tensors.exact("taesd_decoder.1.weight") != nullptr) {
        // Those of Stable Diffusion 1 and XL have one shape; only their names or hashes tell them apart.
        if (tensors.length("decoder.layers.0.weight", 1) == 4)
            return Answer{"taesd_4ch/vae", "tiny autoencoder for Stable Diffusion 1 or XL"};
        return Answer{"taesd/vae", "tiny autoencoder"};
    }
    // The video kind counts its layers through, clamps and activations included.
    if (tensors.exact("decoder.1.weight") != nullptr && tensors.exact("encoder.0.weight") != nullptr) {
        const auto latent = tensors.length("decoder.1.weight", 1);
        if (latent == 16) return Answer{"taehv/vae", "tiny video autoencoder for Wan 2.1"};
        if (latent == 48) return Answer{"taehv_48ch/vae", "tiny video autoencoder for Wan 2.2 5B"};
        return Answer{"taehv_other/vae", "tiny video autoencoder for another model"};
    }
    if (tensors.has("decoder.upsamples.0.") || tensors.has("decoder.middle.0.residual.")) {
        return Answer{"wan/vae", "Wan VAE"};
    }
    const auto channels = tensors.length("decoder.conv_in.weight", 1);
    if (channels == 4) return Answer{"sd/vae", "Stable Diffusion VAE"};
    if (channels == 16) return Answer{"flux/vae", "16-channel VAE"};
    return std::nullopt;
}

std::optional<Answer> text_encoders(const Tensors& tensors) {
    const auto t5_rows = std::max(tensors.length("shared.weight", 0), tensors.length("token_embd.weight", 0));
    if (tensors.has("SelfAttention.q.weight") || tensors.metadata("general.architecture") == "t5encoder") {
        if (t5_rows > 200'000) return Answer{"umt5/text_encoder", "umT5 text encoder"};
        return Answer{"t5/text_encoder", "T5 text encoder"};
    }
    if (tensors.has("vision_model.encoder.")) return Answer{"clip/vision_encoder", "CLIP vision encoder"};
    const auto* clip = tensors.find("text_model.embeddings.token_embedding.weight");
    if (clip != nullptr && clip->shape.size() == 2) {
        if (clip->shape[1] == 768) return Answer{"clip_l/text_encoder", "CLIP-L text encoder"};
        if (clip->shape[1] == 1280) return Answer{"clip_g/text_encoder", "CLIP-G text encoder"};
    }
    return std::nullopt;
}

std::optional<Answer> language_models(const Tensors& tensors) {
    const auto architecture = tensors.metadata("general.architecture");
    if (tensors.exact("token_embd.weight") != nullptr && tensors.exact("blk.0.attn_norm.weight") != nullptr) {
        const auto name = tensors.metadata("general.name");
        return Answer{architecture + "/language_model",
                      architecture + " language model" + (name.empty() ? "" : " \"" + name + "\"")};
    }
    if (tensors.exact("model.embed_tokens.weight") != nullptr) {
        return Answer{"llm/text_encoder",
                      "language model in the form that picture models use as text encoder"};
    }
    return std::nullopt;
}

}  // namespace

Inspection recognize(const Header& header) {
    const Tensors tensors(header);
    Inspection inspection;
    inspection.format = header.format;
    inspection.bytes = header.bytes;
    inspection.tensors = header.tensors.size();
    for (const auto& tensor : header.tensors) {
        std::uint64_t items = 1;
        for (const auto length : tensor.shape) items *= length;
        inspection.parameters += items;
    }
    // A LoRA repeats the names of the net that it changes, so it is asked first; coders last, because whole
    // checkpoints contain one.
    for (const auto& ask :
         {lora, stable_diffusion, wan, other_nets, text_encoders, language_models, coders}) {
        if (auto answer = ask(tensors)) {
            inspection.content = std::move(answer->content);
            inspection.title = std::move(answer->title);
            return inspection;
        }
    }
    inspection.content = "unknown";
    inspection.title = "unknown weights";
    return inspection;
}

}  // namespace ourvidz::catalog
