# cmake --install build/release --prefix PREFIX: programs, engines, migrations, catalogue and the models that come with the
# repository, where the programs look for them (src/config/places.cpp). `./dev install` adds the web app and the models cache.
function(ourvidz_install)
  install(TARGETS ourvidz diffusion_worker chat_worker media_worker RUNTIME DESTINATION bin)
  foreach(engine IN ITEMS sd llama)
    get_target_property(file ourvidz::${engine} IMPORTED_LOCATION)
    install(FILES "${file}" DESTINATION lib)
  endforeach()
  set_target_properties(ourvidz diffusion_worker chat_worker media_worker PROPERTIES INSTALL_RPATH "$ORIGIN/../lib")
  install(DIRECTORY migrations DESTINATION share/ourvidz)
  install(DIRECTORY models/catalog DESTINATION share/ourvidz/models FILES_MATCHING PATTERN "*.json" PATTERN "WORDNET.txt")
  install(DIRECTORY models/nano models/nano-scenes DESTINATION share/ourvidz/models
          FILES_MATCHING PATTERN "*.gguf" PATTERN "MODEL_CARD.md" PATTERN "recipe" EXCLUDE)
  install(DIRECTORY deploy DESTINATION share/ourvidz)
  install(FILES README.md THIRD_PARTY.md CHANGELOG.md DESTINATION share/doc/ourvidz)
  install(DIRECTORY docs DESTINATION share/doc/ourvidz FILES_MATCHING PATTERN "*.md" PATTERN "*.webp")
  # What the README leads to.
  foreach(file IN ITEMS nano-scenes/MODEL_CARD.md nano/MODEL_CARD.md nano/recipe/scenes/things.txt)
    cmake_path(GET file PARENT_PATH folder)
    install(FILES models/${file} DESTINATION share/doc/ourvidz/models/${folder})
  endforeach()
endfunction()
